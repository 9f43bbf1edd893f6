import { describe, expect, it } from 'vitest';
import { configJsonSchema, writtenConfigSchema } from './schema.js';
import type { Setting } from './setting.js';
import { settingKeys, settings } from './settings.js';

const declared: readonly (readonly [string, Setting])[] = Object.entries(settings);

describe('the JSON schema', () => {
  it('has exactly the settings that are declared, with their descriptions and defaults', () => {
    const properties = configJsonSchema().properties as Record<string, Record<string, unknown>>;
    expect(Object.keys(properties).filter((key) => key !== '$schema')).toEqual([...settingKeys]);
    for (const [key, setting] of declared) {
      expect(properties[key]?.description, key).toBe(setting.description);
      expect(properties[key]?.default, key).toEqual('default' in setting ? setting.default : undefined);
    }
  });
});

describe('a default', () => {
  it.each(declared.flatMap(([key, setting]) => ('default' in setting ? [[key, setting.default]] : [])))(
    'of %s may be written',
    (key, value) => {
      expect(writtenConfigSchema.safeParse({ [String(key)]: value }).error).toBeUndefined();
    },
  );
});

describe('a choice', () => {
  it.each(declared.flatMap(([key, setting]) => (setting.kind === 'choice' ? [[key, setting] as const] : [])))(
    'of %s is described with all its words',
    (_, { choices, description }) => {
      for (const choice of choices) expect(description).toContain(choice);
    },
  );
});

describe('a number', () => {
  it.each([
    ['maxInstances', 0],
    ['maxInstances', 1001],
    ['maxInstances', 1.5],
    ['maxCpuPercent', 0],
    ['maxMemoryPercent', 101],
    ['trashDays', -1],
  ])('%s is not %s', (key, value) => {
    expect(writtenConfigSchema.safeParse({ [key]: value }).error?.issues).toHaveLength(1);
  });
});

describe('a gate', () => {
  const issues = (gate: unknown) => writtenConfigSchema.safeParse({ gate }).error?.issues ?? [];

  it.each([['npm test'], [{ lint: 'npm run lint', 'unit-tests_2': 'npm test' }]])('may be %j', (gate) => {
    expect(issues(gate)).toEqual([]);
  });

  it.each([
    [''],
    [{}],
    [{ '../../x': 'true' }],
    [{ '': 'true' }],
    [{ '1': 'true' }],
    [{ lint: '' }],
    [{ lint: ['a'] }],
    [{ ['x'.repeat(41)]: 'true' }],
    // One log would overwrite the other where file names ignore case.
    [{ Lint: 'a', lint: 'b' }],
    [['npm test']],
  ])('is not %j', (gate) => {
    expect(issues(gate).length).toBeGreaterThan(0);
  });

  it.each([[['npm test']], [{ '1': 'true' }], [true]])('that is %j is told what it may be', (gate) => {
    expect(issues(gate).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^is not a command, nor commands by name; a name is /),
    ]);
  });
});
