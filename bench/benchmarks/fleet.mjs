import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEngine } from './fleet/run-engine.mjs';
import { runFleet } from './fleet/run-fleet.mjs';

const TASKS = 100_000;
const WORKERS = 1000;
/** Of the whole coordinator, whose loop looks at all tasks again and again. */
const LOOP_TASKS = [1000, 2000, 4000];

/**
 * A backlog on a thousand machines: what of pwt gives first. A simulation with a clock of its own: machines, agents and git take their
 * time in it, and what pwt computes is real and measured.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const fleet = {
  name: 'fleet',
  onlyByName: true,
  async run({ tasks = TASKS }) {
    return [await engine(tasks), await loop(LOOP_TASKS.filter((count) => count <= tasks))];
  },
};

/** @param {number} tasks @returns {Promise<import('../lib/table.mjs').Table>} */
async function engine(tasks) {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-fleet-'));
  const file = openSync(join(folder, 'journal.jsonl'), 'w');
  try {
    const seen = await runEngine({ tasks, workers: WORKERS, append: (line) => writeSync(file, `${line}\n`) });
    const perEvent = (/** @type {number} */ ms) => (ms * 1000) / seen.events;
    return {
      title: `Journal, reducer and scheduler: ${tasks.toLocaleString('en')} tasks, ${WORKERS.toLocaleString('en')} workers`,
      columns: {
        events: 'count',
        'journal, an event': 'us',
        'reducer, an event': 'us',
        'scheduler, an event': 'us',
        'first 100,000, an event': 'us',
        'last 100,000, an event': 'us',
        'events a second': 'count',
        'needed a second': 'count',
        plan: 'ms',
        journal: 'MB',
        memory: 'MB',
        'agents at work': 'percent',
        'lost workers': 'count',
      },
      rows: [
        {
          events: seen.events,
          'journal, an event': perEvent(seen.journalMs),
          'reducer, an event': perEvent(seen.reducerMs),
          'scheduler, an event': perEvent(seen.schedulerMs),
          'first 100,000, an event': seen.slices[0],
          'last 100,000, an event': seen.slices.at(-1),
          'events a second': Math.round(
            1000 / ((seen.journalMs + seen.reducerMs + seen.schedulerMs) / seen.events),
          ),
          'needed a second': Math.round((seen.events * 1000) / seen.simulatedMs),
          plan: seen.planMs,
          journal: seen.bytes / 1e6,
          memory: seen.peakBytes / 1e6,
          'agents at work': seen.busy,
          'lost workers': seen.lost,
        },
      ],
      note: `Agents of 5 to 20 minutes, one a worker; 5 of 1,000 workers are lost in an hour, and found out after a minute; an agent says something once a minute. ${seen.late} results came too late, and ${seen.twice} answers twice.`,
    };
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

/** @param {readonly number[]} counts @returns {Promise<import('../lib/table.mjs').Table>} */
async function loop(counts) {
  const rows = [];
  for (const tasks of counts) {
    const seen = await runFleet({ tasks, workers: WORKERS });
    rows.push({
      tasks,
      events: seen.events,
      'a task': seen.cpuMs / tasks,
      'tasks a second': Math.round((tasks * 1000) / seen.cpuMs),
      memory: seen.peakBytes / 1e6,
    });
  }
  return {
    title: `The whole coordinator, ${WORKERS.toLocaleString('en')} workers`,
    columns: { tasks: 'count', events: 'count', 'a task': 'ms', 'tasks a second': 'count', memory: 'MB' },
    rows,
    note: "CPU time of the coordinator's own process, with git that answers in 25 ms.",
  };
}
