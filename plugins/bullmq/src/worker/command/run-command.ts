import { isPwtError } from '@pwt/core';
import type { ExaminedAgent } from '../agents.js';
import { WorkerLog } from '../log.js';
import { type StartedWorker, startWorker, type WorkerParts } from '../start-worker.js';
import { readArguments, type WorkerDefaults, type WorkerSettings } from './arguments.js';
import { helpText } from './flags.js';

export interface WorkerCommandRequest {
  readonly argv: readonly string[];
  /** As a person calls it: `pwt-worker`, `pwt worker`. */
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly defaults?: () => Promise<WorkerDefaults>;
  readonly parts: WorkerParts;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly signals: {
    on(signal: NodeJS.Signals, listener: () => void): unknown;
    off(signal: NodeJS.Signals, listener: () => void): unknown;
  };
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** Runs a worker until it has drained or was stopped. Its exit code: 0; 1 if it could not start, or go on; 2 if its command line is
 * not valid; 130 if a signal came while it started. */
export async function runWorkerCommand(request: WorkerCommandRequest): Promise<number> {
  const { program, stdout, version } = request;
  try {
    const read = await readArguments(request.argv, request, await defaultsFor(request));
    if (read.kind === 'settings') return await work(request, read.settings);
    stdout(read.kind === 'help' ? helpText(program) : `${version}\n`);
    return 0;
  } catch (error) {
    if (!isPwtError(error)) throw error;
    const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
    request.stderr(`${error.code}: ${error.message}${hint}\n`);
    return error.code === 'PWT_USAGE' ? 2 : 1;
  }
}

/** What is asked about the command itself needs no project that is in order. */
async function defaultsFor({ argv, defaults }: WorkerCommandRequest): Promise<WorkerDefaults | undefined> {
  const isAsked = argv.some((word) => ['-h', '--help', '--version'].includes(word));
  return isAsked ? undefined : defaults?.();
}

async function work(request: WorkerCommandRequest, settings: WorkerSettings): Promise<number> {
  const { parts, cwd, env, version, stdout, stderr, signals } = request;
  const log = new WorkerLog(({ level, text }) => {
    const time = new Date().toISOString().slice(11, 19);
    if (level === 'info') stdout(`${time} ${text}\n`);
    else stderr(`${time} ${level}: ${text}\n`);
  });
  let started: StartedWorker | undefined;
  let count = 0;
  let interrupt: (reason: 'interrupted') => void = () => undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => {
    interrupt = resolve;
  });
  const onSignal = () => {
    count += 1;
    if (started === undefined) return interrupt('interrupted');
    if (count > 1) return void started.worker.stop();
    started.worker.drain();
    log.info('the next signal ends its agents');
  };
  for (const signal of SIGNALS) signals.on(signal, onSignal);
  try {
    const starting = startWorker({ settings, parts, cwd, env, version, log });
    const outcome = await Promise.race([starting, interrupted]);
    // Nothing was taken yet.
    if (outcome === 'interrupted') return 130;
    started = outcome;
    stdout(introduction(started, settings));
    const { worker } = started;
    await worker.ended;
    if (worker.failure !== undefined) throw worker.failure;
    log.info('has ended');
    return 0;
  } finally {
    for (const signal of SIGNALS) signals.off(signal, onSignal);
  }
}

const GIGABYTE = 1024 ** 3;

/** What it is and what it has, for the person who has started it. */
function introduction(started: StartedWorker, settings: WorkerSettings): string {
  const { id, stateDir, machine, maxAgents, notes, worker } = started;
  const { queue, redis, labels, remotes, allowed, gateSlots } = settings;
  const labelTexts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const memory = `${(machine.memoryTotalBytes / GIGABYTE).toFixed(1)} GB of memory`;
  return [
    `worker ${id} of the queue ${queue} at ${new URL(redis.url).host}`,
    `  ${Number(machine.cpuCount.toFixed(1))} cores, ${memory}; ${counted(maxAgents, 'agent')}, ${counted(gateSlots, 'gate')} at a time`,
    `  labels: ${labelTexts.join(', ') || 'none'}`,
    ...remotes.map(({ name }) => `  repository ${name}`),
    ...worker.agents.map((agent) => `  ${agentLine(agent)}`),
    ...allowed.gates.map((gate) => `  gate ${gate}`),
    ...allowed.setups.map((setup) => `  setup ${setup}`),
    `  state in ${stateDir}`,
    ...notes.map((note) => `  note: ${note}`),
    'ready',
    '',
  ].join('\n');
}

function agentLine({ name, usable, message }: ExaminedAgent): string {
  const said = message === undefined ? '' : `: ${message}`;
  return usable ? `agent ${name}${said}` : `no agent ${name} yet${said}`;
}

function counted(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
