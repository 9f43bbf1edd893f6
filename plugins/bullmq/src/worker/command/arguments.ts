import type { SandboxMode } from '@pwt/launcher';
import { type RedisOptions, redisOptions } from '../../options.js';
import { defaultTimings, type Timings } from '../../protocol/timings.js';
import type { Allowed } from '../allowed.js';
import { flags } from './flags.js';
import { readAllowed } from './read-allowed.js';
import { type NamedRemote, readRemotes } from './remotes.js';
import {
  many,
  named,
  numberOf,
  one,
  type Place,
  parseFlags,
  readSize,
  usage,
  type Values,
} from './values.js';

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

/** What the configuration of a project says, for what no flag says. */
export type WorkerDefaults = Partial<
  Pick<WorkerSettings, 'redis' | 'queue' | 'remotes' | 'labels' | 'timings'>
>;

export type ReadArguments =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'settings'; readonly settings: WorkerSettings };

/** @throws PwtError `PWT_USAGE`, `PWT_PLUGIN_OPTIONS` for the address of Redis */
export async function readArguments(
  argv: readonly string[],
  { cwd, env }: Place,
  defaults: WorkerDefaults = {},
): Promise<ReadArguments> {
  const values = parseFlags(argv, flags);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const allowed = await readAllowed(values, cwd);
  if (allowed.agents.length + allowed.gates.length === 0)
    throw usage('it would take nothing: no agent and no gate is allowed', 'Add: --allow-agent claude');
  const settings: WorkerSettings = {
    redis: readRedis(values, { cwd, env }, defaults),
    queue: named(one(values, 'queue'), '--queue') ?? defaults.queue ?? 'pwt',
    remotes: readRemotes(many(values, 'remote'), cwd, defaults.remotes),
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

function readLabels(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw usage(`--label ${text}: must be <name>=<value>`, '--label gpu=1');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
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

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
