import { GATE_NAME } from '@pwt/core';
import * as z from 'zod';
import type { Setting } from './setting.js';
import { settingKeys, settings } from './settings.js';
import { parseDuration, parseSize } from './units.js';

type Checks = { readonly [K in Setting['kind']]: (setting: Extract<Setting, { kind: K }>) => z.ZodType };

const text = z.string().min(1);
const list = z.array(text);

const duration = z
  .union([z.number().min(0), z.string()])
  .refine(
    (value) => parseDuration(value) !== undefined,
    'is not a time span; write 90s, 45m, 2h or milliseconds',
  );

const size = z
  .union([z.number().min(0), z.string()])
  .refine((value) => parseSize(value) !== undefined, 'is not a size; write 512MB, 5GB or bytes');

const agentCommand = z.strictObject({
  command: z.array(z.string()).min(1).describe('Program and arguments; never a shell string.'),
  prompt: z.enum(['stdin', 'file', 'argv']).describe('How the agent gets its prompt.').optional(),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .describe('Environment variables.')
    .optional(),
});

const agentPreset = z.strictObject({
  preset: text.describe('The preset to start from.'),
  command: text.describe('The program, instead of the one that is found on PATH.').optional(),
  args: z.array(z.string()).describe("All of its arguments, instead of the preset's.").optional(),
  env: z.record(z.string(), z.string()).describe('Environment variables.').optional(),
});

const agent = z.union([text, agentPreset, agentCommand]);

const cap = z.number().positive();
const caps = z
  .strictObject({ task: cap.optional(), run: cap.optional(), day: cap.optional() })
  .refine((said) => Object.keys(said).length > 0, 'is not a cap: it is empty');

const variable = z.string().regex(/^[A-Za-z_]\w*$/, 'is not the name of a variable');
const environment = z.strictObject({
  pass: z
    .array(z.string().regex(/^[A-Za-z_]\w*\*?$/, 'is not the name of a variable; write NPM_TOKEN or NPM_*'))
    .describe('Variables of yours that it gets although it would not: names, or beginnings such as NPM_*.')
    .optional(),
  set: z.record(variable, z.string()).describe('Variables that it gets with these values.').optional(),
});

const commandName = z
  .string()
  .regex(GATE_NAME, 'is not a name for a command; write a letter, then letters, digits, - and _');
const namedCommands = z
  .record(commandName, text)
  .refine((commands) => Object.keys(commands).length > 0, 'is not a list of commands: it is empty')
  .refine((commands) => {
    const names = Object.keys(commands).map((name) => name.toLowerCase());
    return new Set(names).size === names.length;
  }, 'is not a list of commands: two of the names differ in case alone');

/** What may be written, by the kind of a setting. */
const checks: Checks = {
  text: () => text,
  commands: () =>
    z.union([text, namedCommands], {
      error: 'is not a command, nor commands by name; a name is a letter, then letters, digits, - and _',
    }),
  path: () => text,
  boolean: () => z.boolean(),
  number: ({ whole, min, max = Number.POSITIVE_INFINITY }) => {
    const number = (whole ? z.int() : z.number()).min(min);
    return Number.isFinite(max) ? number.max(max) : number;
  },
  duration: () => duration,
  size: () => size,
  choice: ({ choices }) => z.enum(choices),
  list: ({ atLeastOne }) => (atLeastOne ? list.min(1) : list),
  words: ({ names }) => z.strictObject(Object.fromEntries(names.map((name) => [name, list.optional()]))),
  counts: ({ names, max }) => {
    const count = z.int().min(0).max(max);
    return z.union(
      [count, z.strictObject(Object.fromEntries(names.map((name) => [name, count.optional()])))],
      {
        error: `is not a whole number up to ${max}, nor such numbers by name; the names are ${names.join(', ')}`,
      },
    );
  },
  agents: () => z.union([agent, z.array(agent).min(1)]),
  caps: () => z.union([cap, caps], { error: 'is not an amount above 0, nor amounts for task, run or day' }),
  environment: () =>
    z.strictObject({
      agent: environment.optional(),
      setup: environment.optional(),
      gate: environment.optional(),
    }),
  references: () => z.array(z.union([text, z.tuple([text, z.unknown()])])),
};

function checkOf<K extends Setting['kind']>(kind: K, setting: Setting): z.ZodType {
  return checks[kind](setting as Extract<Setting, { kind: K }>);
}

function schemaOf(setting: Setting): z.ZodType {
  const { kind, description } = setting;
  const said = 'default' in setting ? { default: setting.default } : {};
  return checkOf(kind, setting)
    .meta({ description, ...said })
    .optional();
}

/** The schema of `WrittenConfig`: unknown keys are problems, so a typing error never passes in silence. */
export const writtenConfigSchema: z.ZodType = z.strictObject({
  $schema: z.string().optional(),
  ...Object.fromEntries(settingKeys.map((key) => [key, schemaOf(settings[key])])),
});

/** The same as JSON schema (draft 2020-12), for editors; published as `@pwt/default/schema.json`. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(writtenConfigSchema, { unrepresentable: 'any' }) as Record<string, unknown>;
  return { ...schema, title: 'Configuration of pwt' };
}
