import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readUsage } from './process-times.mjs';
import { Redis } from './redis.mjs';

const plugin = new URL(import.meta.resolve('@pwt/plugin-bullmq/package.json'));
const workerProgram = fileURLToPath(
  new URL(JSON.parse(readFileSync(plugin, 'utf8')).bin['pwt-worker'], plugin),
);

const NO_LIMITS = ['--max-cpu', '100', '--max-memory', '100', '--min-disk', '0'];

/** A Redis, an exchange, and workers beside each other on this machine: processes of their own, each with its own home. */
export class WorkerFleet {
  /** @readonly */ redis;
  /** The bare repository through which code travels. @readonly */ exchange;
  #folder;
  /** @type {import('node:child_process').ChildProcess[]} */
  #workers = [];

  /** @param {Redis} redis */
  constructor(redis) {
    this.redis = redis;
    this.#folder = mkdtempSync(join(tmpdir(), 'pwt-bench-fleet-'));
    this.exchange = join(this.#folder, 'exchange.git');
    execFileSync('git', ['init', '--quiet', '--bare', this.exchange]);
  }

  /**
   * @param {object} options
   * @param {number} options.workers
   * @param {number} options.instances Agents at once of each worker.
   * @param {readonly string[]} options.allow What they may run: `--allow-agent …`, `--allow-gate …`.
   * @param {NodeJS.ProcessEnv} options.env
   */
  static async start({ workers, instances, allow, env }) {
    const fleet = new WorkerFleet(await Redis.start());
    const flags = [...allow, ...NO_LIMITS, '--max-instances', String(instances)];
    try {
      for (let number = 1; number <= workers; number += 1) await fleet.#join(`worker-${number}`, flags, env);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** What a run is configured with. */
  get plugins() {
    return [['@pwt/plugin-bullmq', { redis: this.redis.url, remote: this.exchange }]];
  }

  /** What all workers together have used so far. */
  usage() {
    const all = this.#workers.flatMap(({ pid }) => readUsage(pid) ?? []);
    return {
      ownCpuMs: all.reduce((sum, { ownCpuMs }) => sum + ownCpuMs, 0),
      childrenCpuMs: all.reduce((sum, { childrenCpuMs }) => sum + childrenCpuMs, 0),
      peakMegabytes: Math.max(0, ...all.map(({ peakMegabytes }) => peakMegabytes)),
    };
  }

  async stop() {
    await Promise.all(
      this.#workers.map(async (worker) => {
        const ended = once(worker, 'close');
        if (worker.exitCode !== null || worker.signalCode !== null) return;
        worker.kill('SIGTERM');
        worker.kill('SIGTERM');
        await ended;
      }),
    );
    await this.redis.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * @param {string} name
   * @param {readonly string[]} flags
   * @param {NodeJS.ProcessEnv} env
   */
  async #join(name, flags, env) {
    const home = join(this.#folder, name);
    mkdirSync(home);
    const where = ['--redis', this.redis.url, '--remote', this.exchange, '--name', name];
    const worker = spawn(process.execPath, [workerProgram, ...where, ...flags], {
      cwd: home,
      env: { ...env, ...this.redis.env, HOME: home, XDG_STATE_HOME: join(home, 'state') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#workers.push(worker);
    let said = '';
    await new Promise((resolve, reject) => {
      for (const stream of [worker.stdout, worker.stderr])
        stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
          said = `${said}${text}`.slice(-10_000);
          if (/ready/i.test(said)) resolve(undefined);
        });
      worker.once('exit', () => reject(new Error(`${name} has ended:\n${said}`)));
    });
  }
}

/**
 * A word as `--allow-agent` takes it in a command line.
 *
 * @param {string} word
 */
export function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
