export { type Setting, type SettingKind, settingKeys, settings } from './config/settings.js';
export type { PromptTransport, SettingKey, WrittenConfig } from './config/written-config.js';
