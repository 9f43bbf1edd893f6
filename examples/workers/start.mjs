import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNothingLeft, checkOutcome, checkSameTree } from './checks.mjs';
import { startMachine } from './machine.mjs';
import { git } from './programs.mjs';
import { agent, gate, prepareProject, runProject } from './project.mjs';
import { isInstalled, startRedis } from './redis.mjs';
import { retell, say } from './story.mjs';

/** Short, because everything is on one machine; the defaults are for networks. */
const TIMES = { heartbeatSeconds: 0.5, lostAfterSeconds: 3, lockSeconds: 4, snapshotSeconds: 1 };
const FAILS_ANYWAY = /\/8\/\d+$/;

if (isInstalled()) await overWorkers();
else console.log('This needs redis-server, and there is none here: sudo apt-get install redis-server');

async function overWorkers() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-workers-')));
  const project = join(folder, 'textkit');
  const alone = join(folder, 'textkit-alone');
  const exchange = join(folder, 'exchange.git');
  /** @type {{child: import('node:child_process').ChildProcess, ended: Promise<unknown>}[]} */
  const programs = [];
  try {
    const password = randomBytes(24).toString('hex');
    const redis = await startRedis(join(folder, 'redis'), password);
    programs.unshift(redis);
    say(`Redis answers at ${redis.url}`);
    git(folder, 'init', '--quiet', '--bare', exchange);
    const machines = [];
    for (const name of ['anna', 'bert']) {
      const machine = await startMachine(name, {
        ...{ folder, redis: redis.url, exchange, agent, gate, password },
      });
      programs.unshift(machine);
      machines.push(machine);
      say(`the worker ${name} is ready`);
    }

    prepareProject(project);
    git(project, 'remote', 'add', 'origin', exchange);
    const { kill, killed } = killer(machines);
    let hasLanded = false;
    const distributed = await runProject(project, {
      env: { ...process.env, PWT_REDIS_PASSWORD: password },
      plugins: [['@pwt/plugin-bullmq', { redis: redis.url, ...TIMES }]],
      onLine: (line) => {
        retell(line);
        hasLanded ||= line.includes(': integrated as');
        if (hasLanded) kill();
      },
    });
    checkOutcome(distributed, project, killed());
    for (const { child, ended } of programs.splice(0)) {
      child.kill();
      await ended;
    }
    checkNothingLeft(folder, exchange);

    say('the same on this machine alone');
    prepareProject(alone);
    const local = await runProject(alone, { env: process.env });
    checkSameTree(project, alone);
    const seconds = ({ tookMs = 0 }) => (tookMs / 1000).toFixed(1);
    console.log(
      `\nover two workers, one of them killed: ${seconds(distributed)} s; on this machine alone: ${seconds(local)} s`,
    );
  } finally {
    for (const { child, ended } of programs) {
      child.kill('SIGKILL');
      await ended.catch(() => undefined);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Kills a worker that is at work on a task that is meant to land, once.
 *
 * @param {readonly Awaited<ReturnType<typeof startMachine>>[]} machines
 */
function killer(machines) {
  /** @type {string | undefined} */
  let name;
  const kill = () => {
    const victim = machines.find(({ working }) =>
      [...working].some((attempt) => !FAILS_ANYWAY.test(attempt)),
    );
    if (name !== undefined || victim === undefined) return;
    name = victim.name;
    say(`kill -9 of ${name}, with the agents of ${[...victim.working].join(' and ')} at work`);
    victim.child.kill('SIGKILL');
  };
  return { kill, killed: () => name };
}
