import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @boundaries-ignore the server of the plugin's own tests
import { RedisServer, type ServerSettings } from '../../../../plugins/bullmq/test/redis-server.js';
import { scriptedAgent, Workbench } from './pwt.js';

/** How long parts wait for each other here, in seconds: short, since everything is on one machine. */
const TIMES = { heartbeatSeconds: 0.5, lostAfterSeconds: 3, lockSeconds: 4, snapshotSeconds: 1 } as const;

export interface FleetRequest {
  readonly program: string;
  readonly files: Readonly<Record<string, string>>;
  readonly redis?: ServerSettings;
  /** Further options of the plugin. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Further settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** @default the scripted agent */
  readonly agent?: readonly string[];
  readonly gate?: string;
  readonly setup?: string;
}

/** A worker as a machine of its own: its own home, its own state. */
export interface WorkerMachine {
  readonly name: string;
  readonly home: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Waits until it has printed this. */
  printed(pattern: RegExp): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** A project whose tasks run on workers: with its server, its exchange and its machines. */
export class FleetStage {
  readonly bench: Workbench;
  readonly redis: RedisServer;
  /** The bare repository through which code travels. */
  readonly exchange: string;
  readonly workers: WorkerMachine[] = [];
  readonly #request: FleetRequest;

  private constructor(bench: Workbench, redis: RedisServer, exchange: string, request: FleetRequest) {
    this.bench = bench;
    this.redis = redis;
    this.exchange = exchange;
    this.#request = request;
  }

  static async open(request: FleetRequest): Promise<FleetStage> {
    const redis = await RedisServer.start(request.redis);
    const bench = await Workbench.create(request.program, request.files);
    const exchange = join(bench.repository.parent, 'exchange.git');
    const stage = new FleetStage(bench, redis, exchange, request);
    execFileSync('git', ['init', '--quiet', '--bare', exchange], { env: bench.env });
    await bench.repository.git('remote', 'add', 'origin', exchange);
    await stage.configure();
    return stage;
  }

  get agent(): readonly string[] {
    return this.#request.agent ?? scriptedAgent;
  }

  /** Writes the configuration, and commits it. `port`: where Redis is for the coordinator, such as behind a proxy. */
  async configure(
    port: number = this.redis.port,
    needed: Pick<FleetRequest, 'agent' | 'gate' | 'setup'> = {},
  ): Promise<void> {
    const { settings, options, gate, setup, agent = this.agent } = { ...this.#request, ...needed };
    const config = {
      plugins: [['@pwt/plugin-bullmq', { redis: `redis://127.0.0.1:${port}`, ...TIMES, ...options }]],
      agent: { command: agent },
      ...(gate === undefined ? {} : { gate }),
      ...(setup === undefined ? {} : { setup }),
      ...{ maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0 },
      ...settings,
    };
    await writeFile(join(this.bench.repository.path, 'pwt.config.json'), JSON.stringify(config, null, 2));
    await this.bench.repository.commitAll('Configure pwt');
  }

  /** With the password that the server wants. */
  get env(): Record<string, string> {
    return { ...this.bench.env, PWT_REDIS_PASSWORD: this.redis.options.password ?? '' };
  }

  /** Starts `pwt` in the project. */
  start(args: readonly string[]): ChildProcess {
    return this.bench.start(args, { env: this.env });
  }

  pwt(args: readonly string[]): ReturnType<Workbench['pwt']> {
    return this.bench.pwt(args, { env: this.env });
  }

  /** The names of all refs that are left on the exchange. */
  async refsOnExchange(): Promise<string[]> {
    const listed = await this.bench.repository.git('ls-remote', '--refs', 'origin');
    return listed.split('\n').flatMap((line) => line.split('\t')[1] ?? []);
  }

  /** Resolves when there is a ref below this one on the exchange. */
  async refAppears(prefix: string): Promise<void> {
    while (!(await this.refsOnExchange()).some((ref) => ref.startsWith(prefix))) {
      // Asking git takes a few milliseconds: that is the pause.
    }
  }

  /** Starts a worker and waits until it takes tasks. The same name again is the same machine after a restart. */
  async worker(
    name: string,
    { allows = this.agent, flags = [], port = this.redis.port, env = {}, disk }: WorkerRequest = {},
  ): Promise<WorkerMachine> {
    const home = join(this.bench.repository.parent, `machine-${name}`);
    await mkdir(home, { recursive: true });
    const { gate, setup } = this.#request;
    const args = [
      ...['--redis', `redis://127.0.0.1:${port}`, '--remote', this.exchange, '--name', name],
      ...['--heartbeat', String(TIMES.heartbeatSeconds), '--lock', String(TIMES.lockSeconds)],
      ...['--snapshot', String(TIMES.snapshotSeconds)],
      ...['--max-cpu', '100', '--max-memory', '100', '--min-disk', '0'],
      ...['--allow-agent', allows.map(quoted).join(' ')],
      ...(gate === undefined ? [] : ['--allow-gate', gate]),
      ...(setup === undefined ? [] : ['--allow-setup', setup]),
      ...flags,
    ];
    const command = [process.execPath, join(this.#request.program, '../pwt-worker.mjs'), ...args];
    const [first = '', ...rest] = disk === undefined ? command : onDisk(disk, join(home, 'state'), command);
    const child = spawn(first, rest, {
      cwd: home,
      env: { ...this.env, HOME: home, XDG_STATE_HOME: join(home, 'state'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const machine = machineOf(name, home, child);
    this.workers.push(machine);
    await machine.printed(/ready/i);
    return machine;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.workers.map(endWorker));
    await this.redis.stop();
    await this.bench.dispose();
    await rm(this.exchange, { recursive: true, force: true });
  }
}

/** Two signals at once count as one. */
async function endWorker({ child, ended, printed }: WorkerMachine): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await Promise.race([ended, printed(/drains/).catch(() => undefined)]);
    child.kill('SIGTERM');
  }
  await ended;
}

export interface WorkerRequest {
  /** The agent that it allows. @default that of the run */
  readonly allows?: readonly string[];
  readonly flags?: readonly string[];
  /** Where Redis is for it, such as behind a proxy. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The size of the disk that its state is on, as '8m'. @default that of this machine */
  readonly disk?: string;
}

/** With a folder that is a small disk, for this command alone. */
function onDisk(size: string, folder: string, command: readonly string[]): string[] {
  const script = 'mkdir -p "$1" && mount -t tmpfs -o "size=$0" none "$1" && shift && exec "$@"';
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, size, folder, ...command];
}

/** Whether a program may mount a disk of its own here. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-disk-'));
  try {
    const [program = '', ...args] = onDisk('1m', folder, ['true']);
    return spawnSync(program, args).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where a worker that has a disk of its own keeps its state, as others see it. */
export function diskOf({ home, child }: WorkerMachine): string {
  return join(`/proc/${child.pid}/root`, home, 'state');
}

function machineOf(name: string, home: string, child: ChildProcess): WorkerMachine {
  let text = '';
  const waiting: {
    readonly pattern: RegExp;
    readonly done: () => void;
    readonly failed: (e: Error) => void;
  }[] = [];
  const look = () => {
    for (const one of [...waiting]) {
      if (!one.pattern.test(text)) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.done();
    }
  };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      look();
    });
  const ended = once(child, 'close').then(([code]) => {
    for (const { pattern, failed } of waiting.splice(0))
      failed(new Error(`The worker ${name} has ended before it printed ${String(pattern)}:\n${text}`));
    return code as number | null;
  });
  return {
    ...{ name, home, child, ended },
    output: () => text,
    printed: (pattern) =>
      new Promise((done, failed) => {
        waiting.push({ pattern, done, failed });
        look();
      }),
  };
}

/** Switches a machine off: the worker is killed, and with it all that works in its folders. */
export async function powerCut({ child, home, ended }: WorkerMachine): Promise<void> {
  child.kill('SIGKILL');
  await ended;
  for (let pids = pidsIn(home); pids.length > 0; pids = pidsIn(home)) for (const pid of pids) end(pid);
}

/** Kills a process, unless it has ended by itself. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes that work in a folder. */
function pidsIn(folder: string): number[] {
  const works = (pid: number): boolean => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`) && process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').map(Number).filter(Number.isInteger).filter(works);
}

/** Whether git works in the folders of a machine, such as one that a worker has left behind. */
export function worksGit({ home }: WorkerMachine): boolean {
  return pidsIn(home).some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('git');
    } catch {
      return false;
    }
  });
}

/** Where a worker keeps its state. */
export function stateOf({ home }: WorkerMachine): string {
  return join(home, 'state');
}

/** The worktrees of tasks and gates that a worker has, by their paths in its folder. */
export async function worktreesIn(home: string): Promise<string[]> {
  const paths = await readdir(home, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return paths.filter((path) => /^state\/pwt\/worker\/[^/]+\/worktrees\/[^/]+\/[^/]+\/[^/]+$/.test(path));
}

/** As `--allow-agent` takes a command line. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
