import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pwtProgram } from '../../lib/programs.mjs';

const PRELOAD = fileURLToPath(new URL('loop-delay.mjs', import.meta.url));
/** For how long the sleeping agents are watched. */
const WATCH_MS = 10_000;
/** `/proc` counts CPU time in hundredths of a second. */
const TICK_MS = 10;

/**
 * Starts as many agents as there are tasks, all at once; they sleep until the run is stopped.
 *
 * @param {import('@pwt/testkit').TemporaryRepository} repository
 * @param {number} count
 */
export async function runSleepers(repository, count) {
  const figures = join(repository.path, '..', 'loop-delay');
  const limits = [
    '--max-instances',
    String(count),
    '--max-cpu-percent',
    '100',
    '--max-memory-percent',
    '100',
  ];
  const agent = ['sh', '-c', 'exec sleep 100000'];
  const child = spawn(
    process.execPath,
    ['--import', PRELOAD, pwtProgram, 'run', '--json', ...limits, '--', ...agent],
    {
      cwd: repository.path,
      env: { ...repository.env, BENCH_LOOP_DELAY: figures },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const file = `${figures}-${asked}`;
    child.kill('SIGUSR2');
    while (!existsSync(file) || readFileSync(file).length === 0) await delay(10);
    return JSON.parse(readFileSync(file, 'utf8'));
  };
  /** @type {number[]} */
  const launchedAt = [];
  let atFirst = { cpuMs: 0 };
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type === 'task-dispatched' && launchedAt.length === 0 && asked === 0) atFirst = await ask();
    if (event.type !== 'agent-launched') continue;
    launchedAt.push(event.at);
    if (launchedAt.length === count) break;
  }
  child.stdout.resume();
  const starting = await ask();
  const before = { at: performance.now(), supervisorsMs: supervisorsCpuMs() };
  await delay(WATCH_MS);
  const asleep = await ask();
  const tookMs = performance.now() - before.at;
  const supervisorsMs = supervisorsCpuMs() - before.supervisorsMs;
  child.kill('SIGTERM');
  await ended;
  return {
    launchedAt,
    startCpuMs: (starting.cpuMs - atFirst.cpuMs) / count,
    lateStartingMs: starting.lateMs,
    lateAsleepMs: asleep.lateMs,
    cpuShare: (asleep.cpuMs - starting.cpuMs) / tookMs,
    supervisorsShare: supervisorsMs / tookMs,
  };
}

/** The CPU time of all supervisors that run on this machine. Linux only; 0 elsewhere. */
function supervisorsCpuMs() {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => sum + supervisorCpuMs(pid), 0);
}

/** @param {string} pid */
function supervisorCpuMs(pid) {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0pwt-supervisor\0')) return 0;
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    // It has just ended.
    return 0;
  }
}
