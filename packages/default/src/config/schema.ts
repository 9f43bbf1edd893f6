import { z } from 'zod';
import { settings } from './settings.js';
import { parseDuration, parseSize } from './units.js';
import type { SettingKey, WrittenConfig } from './written-config.js';

const said = <T extends z.ZodType>(key: SettingKey, type: T): z.ZodOptional<T> =>
  type.describe(settings[key].description).optional() as unknown as z.ZodOptional<T>;

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
const percent = z.number().min(1).max(100);

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

const variable = z.string().regex(/^[A-Za-z_]\w*$/, 'is not the name of a variable');
const environment = z.strictObject({
  pass: z
    .array(z.string().regex(/^[A-Za-z_]\w*\*?$/, 'is not the name of a variable; write NPM_TOKEN or NPM_*'))
    .describe('Variables of yours that it gets although it would not: names, or beginnings such as NPM_*.')
    .optional(),
  set: z.record(variable, z.string()).describe('Variables that it gets with these values.').optional(),
});

const vocabulary = z.strictObject({
  fileLabels: list.optional(),
  fileSections: list.optional(),
  readingSections: list.optional(),
  ignoredSections: list.optional(),
  untouched: list.optional(),
  dependencies: list.optional(),
  estimates: list.optional(),
});

const shape = {
  $schema: z.string().optional(),
  specs: said('specs', list.min(1)),
  agent: said('agent', z.union([text, agentPreset, agentCommand])),
  permission: said('permission', z.enum(['default', 'accept-edits', 'auto', 'bypass'])),
  autoApprove: said('autoApprove', z.boolean()),
  promptFile: said('promptFile', text),
  maxInstances: said('maxInstances', z.int().min(1).max(1000)),
  timeout: said('timeout', duration),
  idleTimeout: said('idleTimeout', duration),
  target: said('target', text),
  autoMerge: said('autoMerge', z.boolean()),
  gate: said('gate', text),
  gateTimeout: said('gateTimeout', duration),
  setup: said('setup', text),
  setupTimeout: said('setupTimeout', duration),
  env: said(
    'env',
    z.strictObject({
      agent: environment.optional(),
      setup: environment.optional(),
      gate: environment.optional(),
    }),
  ),
  worktree: said('worktree', text),
  branch: said('branch', text),
  separation: said('separation', z.enum(['strict', 'balanced', 'eager'])),
  audit: said('audit', z.enum(['observe', 'warn', 'strict'])),
  alwaysAllowed: said('alwaysAllowed', list),
  vocabulary: said('vocabulary', vocabulary),
  maxCpuPercent: said('maxCpuPercent', percent),
  maxMemoryPercent: said('maxMemoryPercent', percent),
  minDisk: said('minDisk', size),
  trashDays: said('trashDays', z.number().min(0)),
  plugins: said('plugins', z.array(z.union([text, z.tuple([text, z.unknown()])]))),
} satisfies Record<keyof WrittenConfig, z.ZodType>;

/** The schema of {@link WrittenConfig}: unknown keys are problems, so a typing error never passes in silence. */
export const writtenConfigSchema: z.ZodType = z.strictObject(shape);

/** The same as JSON schema (draft 2020-12), for editors; published as `@pwt/default/schema.json`. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(writtenConfigSchema, { unrepresentable: 'any' }) as Record<string, unknown>;
  return { ...schema, title: 'Configuration of pwt' };
}
