import type { WrittenByKind } from './setting.js';
import type { settings } from './settings.js';

type Settings = typeof settings;

/** What a person may write for a setting. */
export type Written<Setting> = Setting extends { kind: 'choice'; choices: readonly (infer Choice)[] }
  ? Choice
  : Setting extends { kind: 'words'; names: readonly (infer Name extends string)[] }
    ? { readonly [K in Name]?: readonly string[] }
    : Setting extends { kind: 'counts'; names: readonly (infer Name extends string)[] }
      ? number | { readonly [K in Name]?: number }
      : Setting extends { kind: infer Kind extends keyof WrittenByKind }
        ? WrittenByKind[Kind]
        : never;

type WrittenSettings = { readonly [K in keyof Settings]?: Written<Settings[K]> };

/**
 * The configuration as a person writes it in `pwt.config.*` or under `pwt` in `package.json`: everything
 * is optional. {@link ResolvedConfig} is what the program works with.
 */
export interface WrittenConfig extends WrittenSettings {
  /** For editors only. */
  readonly $schema?: string;
}

/** Types a configuration file; returns its argument. */
export function defineConfig(config: WrittenConfig): WrittenConfig {
  return config;
}
