import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's `redis-server` on a free port of this machine, with AOF as it is recommended. */
export class Redis {
  /** @readonly */ url;
  /** What workers and runs need to log in. @readonly */ env;
  #port;
  #folder;
  #process;

  /**
   * @param {number} port
   * @param {string} password
   */
  constructor(port, password) {
    this.#port = port;
    this.#folder = mkdtempSync(join(tmpdir(), 'pwt-bench-redis-'));
    this.url = `redis://127.0.0.1:${port}`;
    this.env = { PWT_REDIS_PASSWORD: password };
    const settings = [
      ...[`port ${port}`, 'bind 127.0.0.1', `dir ${this.#folder}`, `requirepass ${password}`, 'save ""'],
      ...['appendonly yes', 'appendfsync everysec', 'maxmemory-policy noeviction'],
    ];
    this.#process = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    this.#process.stdin.end(settings.map((line) => `${line}\n`).join(''));
  }

  static async start() {
    const redis = new Redis(await freePort(), randomBytes(12).toString('hex'));
    while ((await redis.#command('ping').catch(() => '')).trim() !== 'PONG') await sleep(20);
    return redis;
  }

  /** What a command such as `info memory` says, by name. @param {string} section */
  async info(section) {
    const lines = (await this.#command('info', section)).split('\r\n').map((line) => line.split(':'));
    return new Map(lines.map(([name = '', value = '']) => [name, value]));
  }

  /** How many keys there are. */
  async keys() {
    return Number(await this.#command('dbsize'));
  }

  async stop() {
    this.#process.kill('SIGTERM');
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @param {string[]} words */
  async #command(...words) {
    const env = { ...process.env, REDISCLI_AUTH: this.env.PWT_REDIS_PASSWORD };
    return (await run('redis-cli', ['-p', String(this.#port), ...words], { env })).stdout;
  }
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
