import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisOptions } from '../src/options.js';
import { probe } from '../src/redis/first-connect.js';

const PASSWORD = 'correct-horse';

export interface ServerSettings {
  /** How it writes what it holds to disk: with `off`, nothing survives `kill -9`. @default 'off' */
  readonly aof?: 'off' | 'everysec' | 'always';
  /** Further lines of its configuration, such as `['maxmemory', '10mb']`. */
  readonly further?: readonly (readonly [string, string])[];
  /** The user that everybody logs in as, with these rights alone. @default one that may do everything */
  readonly user?: { readonly name: string; readonly rights: string };
}

/** Debian's `redis-server` on a free loopback port, with a password, in a temporary folder. */
export class RedisServer {
  options: RedisOptions;
  readonly port: number;
  readonly folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
    this.options = { url: `redis://127.0.0.1:${port}`, password: PASSWORD };
  }

  static async start(settings: ServerSettings = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'pwt-redis-')));
    await server.startAgain(settings);
    if (settings.user !== undefined) server.options = { ...server.options, username: settings.user.name };
    return server;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get isRunning(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** On the same port and folder: it has what it had written. */
  async startAgain({ aof = 'off', further = [], user }: ServerSettings = {}): Promise<void> {
    const lines: (readonly [string, string])[] = [
      ['port', String(this.port)],
      ['bind', '127.0.0.1'],
      ['dir', this.folder],
      ['requirepass', PASSWORD],
      ['save', ''],
      ['appendonly', aof === 'off' ? 'no' : 'yes'],
      ['maxmemory-policy', 'noeviction'],
      ...(aof === 'off' ? [] : ([['appendfsync', aof]] as const)),
      ...(user === undefined ? [] : ([['user', `${user.name} on >${PASSWORD} ${user.rights}`]] as const)),
      ...further,
    ];
    const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin?.end(lines.map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`).join(''));
    this.#process = child;
    await this.#answers(child);
  }

  /** One command, over a connection of its own, as an operator would give it. */
  async command(name: string, ...args: string[]): Promise<unknown> {
    return probe(this.options, (redis) => redis.call(name, ...args));
  }

  /** `kill -9`; ends when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** For good, with what it has written. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Stops it without closing its connections, as a machine that hangs. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async #answers(child: ChildProcess): Promise<void> {
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    for (;;) {
      if (failure !== undefined) throw failure;
      if (child.exitCode !== null) throw new Error(`redis-server has ended with ${child.exitCode}`);
      if (await probe(this.options, async () => true).catch(() => false)) return;
    }
  }
}

/** Skips the test with a message where there is no `redis-server`; with `PWT_PROVE=1` it is demanded. */
export function needsRedis(skip: (note: string) => void): void {
  if (isInstalled()) return;
  if (isProof) throw new Error('redis-server is not installed, and PWT_PROVE=1 demands it');
  skip('redis-server is not installed: apt-get install redis-server');
}

export const isProof: boolean = process.env.PWT_PROVE === '1';

/** For what a whole run tries with every commit in a shorter way: it takes long, and the proof does it. */
export function inTheProof(skip: (note: string) => void): void {
  if (!isProof) skip('it takes long: npm run prove does it');
}

let installed: boolean | undefined;

/** For `describe.skipIf(…)`. */
export function isInstalled(): boolean {
  installed ??= spawnSync('redis-server', ['--version']).status === 0;
  return installed;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
