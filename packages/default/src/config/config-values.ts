import { resolve } from 'node:path';
import type { Setting } from './setting.js';
import { type SettingKey, settingKeys, settings } from './settings.js';
import { parseDuration, parseSize } from './units.js';
import type { Written, WrittenConfig } from './written-config.js';

type Settings = typeof settings;

/** What the program works with: milliseconds, bytes, absolute paths; `undefined` only where there is no default. */
type Value<S> =
  | (S extends { kind: 'duration' | 'size' } ? number : Written<S>)
  | (S extends { unset: string } ? undefined : never);

/** The value of every setting: times in milliseconds, sizes in bytes, paths absolute. */
export type ConfigValues = { readonly [K in SettingKey]: Value<Settings[K]> };

/**
 * Fills in the defaults of a checked configuration and converts its units. Pure.
 *
 * @param root paths are relative to it; absolute
 */
export function configValues(root: string, written: WrittenConfig): ConfigValues {
  const values = settingKeys.map((key) => [key, settingValue(settings[key], written[key], root)]);
  return Object.fromEntries(values) as ConfigValues;
}

function settingValue(setting: Setting, said: unknown, root: string): unknown {
  const otherwise = 'default' in setting ? setting.default : undefined;
  const value = said ?? otherwise;
  switch (setting.kind) {
    case 'duration':
      return parseDuration(value as number | string) ?? parseDuration(otherwise as number | string);
    case 'size':
      return parseSize(value as number | string) ?? parseSize(otherwise as number | string);
    case 'path':
      return value === undefined ? undefined : resolve(root, value as string);
    default:
      return value;
  }
}
