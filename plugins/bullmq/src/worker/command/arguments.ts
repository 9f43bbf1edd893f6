import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { PwtError } from '@pwt/core';
import { presets, type SandboxMode } from '@pwt/launcher';
import * as z from 'zod';
import { type RedisOptions, redisOptions } from '../../options.js';
import { NAME } from '../../protocol/names.js';
import { agentSchema, type RemoteAgent } from '../../protocol/requirement.js';
import { defaultTimings, type Timings } from '../../protocol/timings.js';
import type { Allowed } from '../allowed.js';
import { type FlagName, flags } from './flags.js';
import { wordsOf } from './words.js';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly redis: RedisOptions;
  readonly queue: string;
  readonly remotes: readonly NamedRemote[];
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allowed: Allowed;
  /** Absent: by the machine. */
  readonly maxInstances?: number;
  readonly gateSlots: number;
  readonly maxCpuPercent: number;
  readonly maxMemoryPercent: number;
  readonly minDiskBytes: number;
  readonly state?: string;
  readonly sandbox: SandboxMode;
  readonly timings: Timings;
}

/** A repository, by the name that runs have for it, and where its code travels. */
export interface NamedRemote {
  readonly name: string;
  readonly address: string;
}

/** What the configuration of a project says, for what no flag says. */
export type WorkerDefaults = Partial<
  Pick<WorkerSettings, 'redis' | 'queue' | 'remotes' | 'labels' | 'timings'>
>;

export type ReadArguments =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'settings'; readonly settings: WorkerSettings };

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Values = { readonly [K in FlagName]?: string | boolean | (string | boolean)[] };

/** @throws PwtError `PWT_USAGE`, `PWT_PLUGIN_OPTIONS` for the address of Redis */
export async function readArguments(
  argv: readonly string[],
  { cwd, env }: Place,
  defaults: WorkerDefaults = {},
): Promise<ReadArguments> {
  const values = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const allowed = await readAllowed(values, cwd);
  if (allowed.agents.length + allowed.gates.length === 0)
    throw usage('it would take nothing: no agent and no gate is allowed', 'Add: --allow-agent claude');
  const remotes = many(values, 'remote').map((text) => readRemote(text, cwd));
  const settings: WorkerSettings = {
    redis: readRedis(values, { cwd, env }, defaults),
    queue: named(one(values, 'queue'), '--queue') ?? defaults.queue ?? 'pwt',
    remotes: uniqueRemotes(remotes.length > 0 ? remotes : (defaults.remotes ?? [])),
    labels: { ...defaults.labels, ...readLabels(many(values, 'label')) },
    allowed,
    gateSlots: numberOf(values, 'gate-slots', { min: 1, max: 64, whole: true }) ?? 1,
    maxCpuPercent: numberOf(values, 'max-cpu', { min: 1, max: 100 }) ?? 80,
    maxMemoryPercent: numberOf(values, 'max-memory', { min: 1, max: 100 }) ?? 80,
    minDiskBytes: readSize(one(values, 'min-disk') ?? '1GB'),
    sandbox: readSandbox(one(values, 'sandbox') ?? 'off'),
    timings: readTimings(values, defaults.timings ?? defaultTimings),
    ...optional('name', named(one(values, 'name'), '--name')),
    ...optional('maxInstances', numberOf(values, 'max-instances', { min: 1, max: 1000, whole: true })),
    ...optional('state', one(values, 'state')),
  };
  return { kind: 'settings', settings };
}

/** The last part of an address: what a repository is called where nobody has said so. */
export function repositoryName(address: string): string | undefined {
  const last =
    address
      .replace(/[/\\]+$/, '')
      .split(/[/:\\]/)
      .at(-1) ?? '';
  const name = last.replace(/\.git$/i, '');
  return NAME.test(name) ? name : undefined;
}

function parse(argv: readonly string[]): Values {
  const options: ParseArgsConfig['options'] = Object.fromEntries(
    Object.entries(flags).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: false }).values as Values;
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
  }
}

function one(values: Values, name: FlagName): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function many(values: Values, name: FlagName): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function readRedis(values: Values, { cwd, env }: Place, { redis }: WorkerDefaults): RedisOptions {
  const [url, username, ca] = [one(values, 'redis'), one(values, 'username'), one(values, 'ca')];
  if (url === undefined && redis === undefined)
    throw usage('--redis is missing', 'For example: --redis redis://localhost:6379');
  const passwordEnv = url === undefined ? redis?.passwordEnv : undefined;
  const passwordFile = one(values, 'password-file');
  const given = { url: url ?? redis?.url ?? '', username, ca, passwordEnv, passwordFile };
  const read = redisOptions(given, cwd, env);
  // What a flag says of another server is not mixed with what the configuration says of its own.
  return url === undefined ? { ...redis, ...read } : read;
}

function readRemote(text: string, cwd: string): NamedRemote {
  const [, name, address] = /^([a-z0-9][\w.-]{0,62})=(.+)$/i.exec(text) ?? [undefined, undefined, text];
  const found = name ?? repositoryName(address ?? '');
  if (address === undefined || found === undefined || !NAME.test(found))
    throw usage(`--remote ${text}: give the repository a name`, `--remote app=${text}`);
  const isPath = !address.includes(':');
  return { name: found, address: isPath ? resolve(cwd, address) : address };
}

function uniqueRemotes(remotes: readonly NamedRemote[]): readonly NamedRemote[] {
  if (remotes.length === 0)
    throw usage('--remote is missing', 'For example: --remote git@example.com:team/app.git');
  const twice = remotes.find(({ name }, index) => remotes.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) throw usage(`--remote: two repositories are called ${twice.name}`);
  return remotes;
}

function readLabels(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw usage(`--label ${text}: must be <name>=<value>`, '--label gpu=1');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

async function readAllowed(values: Values, cwd: string): Promise<Allowed> {
  const files = await Promise.all(
    many(values, 'allow-file').map((file) => readAllowFile(resolve(cwd, file))),
  );
  return {
    agents: [...files.flatMap(({ agents }) => agents), ...many(values, 'allow-agent').map(readAgent)],
    gates: [...files.flatMap(({ gates }) => gates), ...many(values, 'allow-gate')],
    setups: [...files.flatMap(({ setups }) => setups), ...many(values, 'allow-setup')],
  };
}

const commands = z.array(z.string().min(1)).default([]);
const allowFile = z.strictObject({
  agents: z.array(agentSchema).default([]),
  gates: commands,
  setups: commands,
});

async function readAllowFile(file: string): Promise<Allowed> {
  try {
    return allowFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw usage(
      `--allow-file ${file}: ${why ?? 'not readable'}`,
      'It is JSON such as {"agents": ["claude"], "gates": ["npm test"], "setups": ["npm ci"]}',
    );
  }
}

/** A preset by its name; as JSON whatever a configuration may say; a command line otherwise. */
function readAgent(text: string): RemoteAgent {
  if (presets.some(({ name }) => name === text)) return text;
  if (/^\s*[[{]/.test(text)) return readAgentJson(text);
  const command = wordsOf(text) ?? [];
  if (command.length === 0) throw usage(`--allow-agent ${text}: is no command line`);
  return { command };
}

function readAgentJson(text: string): RemoteAgent {
  try {
    const value: unknown = JSON.parse(text);
    return agentSchema.parse(Array.isArray(value) ? { command: value } : value);
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw usage(`--allow-agent ${text}: ${why ?? 'not readable'}`);
  }
}

function readSandbox(text: string): SandboxMode {
  if (text === 'auto' || text === 'required' || text === 'off') return text;
  throw usage(`--sandbox ${text}: must be auto, required or off`);
}

function readTimings(values: Values, timings: Timings): Timings {
  const ms = (name: 'heartbeat' | 'lock' | 'snapshot') => {
    const seconds = numberOf(values, name, { min: 0.05, max: 86_400 });
    return seconds === undefined ? undefined : seconds * 1000;
  };
  const [beat, lock, snapshot] = [ms('heartbeat'), ms('lock'), ms('snapshot')];
  return {
    ...timings,
    ...(beat === undefined ? {} : { presenceMs: beat, pollMs: beat }),
    ...(beat === undefined ? {} : { progressMs: Math.min(timings.progressMs, beat) }),
    ...(lock === undefined ? {} : { lockMs: lock }),
    ...(snapshot === undefined ? {} : { snapshotMs: snapshot }),
  };
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

function readSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) throw usage(`--min-disk ${text}: must be a size such as 1GB`);
  return Math.round(Number(amount) * (UNITS[unit.toUpperCase()] ?? 1));
}

function numberOf(
  values: Values,
  name: FlagName,
  { min, max, whole = false }: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined {
  const text = one(values, name);
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw usage(`--${name} ${text}: must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
}

function named(text: string | undefined, flag: string): string | undefined {
  if (text === undefined || NAME.test(text)) return text;
  throw usage(`${flag} ${text}: must be letters, digits, - and _`);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

function usage(what: string, hint = 'See: pwt-worker --help'): PwtError {
  return new PwtError('PWT_USAGE', `${what.replace(/[.\s]+$/, '')}.`, { hint });
}
