import { performance } from 'node:perf_hooks';
import { Coordinator } from '@pwt/coordinator';
import { PwtError } from '@pwt/core';
import { planSchedule } from '@pwt/planner';
import { makeRunOptions } from '@pwt/testkit';
import { seededRandom } from '../../lib/random.mjs';
import { SimulatedClock } from './clock.mjs';
import { partsOver } from './parts.mjs';
import { backlog } from './tasks.mjs';
import { SimulatedWorkers } from './workers.mjs';

/** Turns of the event loop in which the coordinator does all that an instant asks of it. */
const TURNS = 3;

/**
 * Runs a backlog on simulated workers with the real coordinator: its loop, scheduler, reducer and events. Equal figures give equal runs.
 *
 * @param {{tasks: number, workers: number, seed?: number}} request
 */
export async function runFleet({ tasks: count, workers: size, seed = 12 }) {
  const random = seededRandom(seed);
  const clock = new SimulatedClock();
  const workers = new SimulatedWorkers(clock, random, { workers: size, lostPerHour: 5, redelivered: 10 });
  const { base, ...parts } = partsOver(clock, workers);
  const { tasks, claims } = backlog(count, random);
  const planning = performance.now();
  const options = makeRunOptions({ maxInstances: size });
  const { order } = planSchedule({ tasks, claims, maxInstances: size, separation: options.separation });
  const planMs = performance.now() - planning;
  const journal = new CountingJournal();
  const coordinator = new Coordinator({ ...parts, journals: journal, runsDir: '/runs', clock });
  const [cpu, start, from] = [process.cpuUsage(), performance.now(), clock.now()];
  /** @type {import('@pwt/core').RunSummary | undefined} */
  let summary;
  /** @type {unknown} */
  let failure;
  coordinator.start({ runId: 'run-1', tasks, claims, order, target: 'main', base, options }).then(
    (done) => {
      summary = done;
    },
    (error) => {
      failure = error;
    },
  );
  let peakBytes = 0;
  for (let steps = 0; summary === undefined; steps += 1) {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
    if (failure !== undefined) throw failure;
    if (steps % 1000 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    if (summary === undefined) clock.step();
  }
  const { user, system } = process.cpuUsage(cpu);
  const landed = /** @type {import('@pwt/core').RunSummary} */ (
    /** @type {unknown} */ (summary)
  ).tasks.filter((/** @type {{status: string}} */ { status }) => status === 'landed').length;
  if (landed !== count) throw new Error(`${landed} of ${count} tasks have landed`);
  const simulatedMs = clock.now() - from;
  return {
    ...{ planMs, peakBytes, simulatedMs, landed },
    cpuMs: (user + system) / 1000,
    realMs: performance.now() - start,
    events: journal.events,
    journalBytes: journal.bytes,
    busy: workers.busyMs / (simulatedMs * size),
    ...{ lost: workers.lost, late: workers.late, twice: workers.twice },
  };
}

/** Writes what a file would get, and keeps nothing. */
class CountingJournal {
  name = 'counting';
  events = 0;
  bytes = 0;

  async open() {
    return {
      append: async (/** @type {import('@pwt/core').RunEvent} */ event) => {
        this.events += 1;
        this.bytes += JSON.stringify(event).length + 1;
      },
      close: async () => undefined,
    };
  }

  /** @returns {Promise<never>} */
  async read() {
    throw new PwtError('PWT_RUN_UNKNOWN', 'Nothing is kept.');
  }

  async list() {
    return [];
  }
}
