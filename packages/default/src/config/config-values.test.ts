import { expect, it } from 'vitest';
import { configValues } from './config-values.js';
import { runOptions } from './run-options.js';
import type { Setting } from './setting.js';
import { settings } from './settings.js';

it('has a value for every setting that declares a default, and none for the others', () => {
  const values: Readonly<Record<string, unknown>> = configValues('/', {});
  const declared: readonly (readonly [string, Setting])[] = Object.entries(settings);
  for (const [key, setting] of declared) expect(values[key] !== undefined, key).toBe('default' in setting);
});

it('converts times to milliseconds, sizes to bytes and paths to absolute ones', () => {
  const values = configValues('/project', { timeout: '90s', minDisk: '2KB', promptFile: 'docs/prompt.md' });
  expect(values).toMatchObject({ timeout: 90_000, minDisk: 2048, promptFile: '/project/docs/prompt.md' });
});

it('takes the default for a time that is none, as an old record may have it', () => {
  expect(configValues('/', { timeout: 'soon' }).timeout).toBe(configValues('/', {}).timeout);
});

it('says how a run behaves', () => {
  const values = configValues('/', { idleTimeout: '1s', minDisk: 5, maxInstances: 3, audit: 'strict' });
  expect(runOptions(values)).toEqual({
    ...runOptions(configValues('/', {})),
    idleTimeoutMs: 1000,
    minDiskBytes: 5,
    maxInstances: 3,
    audit: 'strict',
  });
});
