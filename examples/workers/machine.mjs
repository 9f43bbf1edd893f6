import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pwtWorker, start } from './programs.mjs';

/**
 * A worker that shares nothing with the others but the machine: its own home, and in it its own clone and state.
 *
 * @param {string} name
 * @param {{folder: string, redis: string, exchange: string, agent: readonly string[], gate: string, password: string}} options
 */
export async function startMachine(name, { folder, redis, exchange, agent, gate, password }) {
  const home = join(folder, name);
  mkdirSync(home);
  const command = [
    ...[process.execPath, pwtWorker, '--redis', redis, '--remote', exchange, '--name', name],
    // Nothing else runs here, whatever is asked for.
    ...['--allow-agent', JSON.stringify(agent), '--allow-gate', gate],
    ...['--max-instances', '2', '--max-cpu', '100', '--max-memory', '100', '--min-disk', '0'],
    ...['--heartbeat', '0.5', '--lock', '4', '--snapshot', '1'],
  ];
  /** @type {Set<string>} */
  const working = new Set();
  /** @type {{pattern: RegExp, resolve: (value: unknown) => void}[]} */
  const waiting = [];
  const worker = start(command, {
    cwd: home,
    env: { ...process.env, HOME: home, XDG_STATE_HOME: join(home, 'state'), PWT_REDIS_PASSWORD: password },
    onLine: (line) => {
      const [, attempt, what] = /attempt (\S+) (runs|is pushed)/.exec(line) ?? [];
      if (attempt !== undefined && what === 'runs') working.add(attempt);
      else if (attempt !== undefined) working.delete(attempt);
      for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(undefined);
    },
  });
  /** @param {RegExp} pattern */
  const prints = (pattern) => {
    const printed = new Promise((resolve) => waiting.push({ pattern, resolve }));
    const ended = worker.ended.then(() => {
      throw new Error(`The worker ${name} has ended:\n${worker.output()}`);
    });
    return Promise.race([printed, ended]);
  };
  await prints(/^ready$/);
  return { name, home, working, prints, ...worker };
}
