export type { PromptTransport } from '@pwt/launcher';
export { defaultText, type Setting } from './config/setting.js';
export { type SettingKey, settingKeys, settings } from './config/settings.js';
export type { WrittenConfig } from './config/written-config.js';
