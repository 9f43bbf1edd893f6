import { performance } from 'node:perf_hooks';
import { applyEvent, emptyRunState } from '@pwt/core';
import { planSchedule } from '@pwt/planner';
import { Scheduler, schedulableTasks } from '@pwt/planner/schedule';
import { seededRandom } from '../../lib/random.mjs';
import { SimulatedClock } from './clock.mjs';
import { backlog } from './tasks.mjs';
import { SimulatedWorkers } from './workers.mjs';

const RUN = 'run-1';

/**
 * What has to keep up whatever the machines do: the journal, the reducer and the scheduler, fed with the events of a run over simulated
 * workers. Equal figures give equal runs.
 *
 * @param {{tasks: number, workers: number, seed?: number, append: (line: string) => void}} request
 */
export async function runEngine({ tasks: count, workers: size, seed = 12, append }) {
  const random = seededRandom(seed);
  const clock = new SimulatedClock();
  const workers = new SimulatedWorkers(clock, random, { workers: size, lostPerHour: 5, redelivered: 10 });
  const { tasks, claims } = backlog(count, random);
  const planning = performance.now();
  const { order } = planSchedule({ tasks, claims, maxInstances: size, separation: 'balanced' });
  const planMs = performance.now() - planning;
  const scheduler = new Scheduler({
    tasks: schedulableTasks(tasks, claims),
    order,
    separation: 'balanced',
    maxInstances: size,
  });
  const log = new Log(clock, scheduler, append);
  for (const [at, task] of tasks.entries())
    log.write({ type: 'task-planned', taskId: task.id, task, claims: claims[at] });
  log.begin();
  const from = clock.now();
  let [running, done, attempts] = [0, 0, 0];
  let commits = 0;
  const work = async (/** @type {string} */ taskId, /** @type {number} */ attempt) => {
    const host = await workers.place(taskId);
    const workspace = {
      id: taskId,
      provider: 'simulated',
      kind: 'task',
      runId: RUN,
      taskId,
      path: `/var/lib/pwt/${taskId}`,
      branch: `pwt/${taskId}`,
      base: '0'.repeat(40),
      host,
    };
    log.write({ type: 'workspace-created', taskId, workspace });
    log.write({ type: 'agent-launching', taskId, attempt });
    const run = workers.run(taskId);
    log.write({ type: 'agent-launched', taskId, launcher: 'simulated', startedAt: clock.now() });
    const heard = hear(log, taskId, run);
    const exit = await run.exited;
    await heard;
    log.write({ type: 'agent-exited', taskId, exit });
    running -= 1;
    if (exit.kind === 'lost') {
      const ending = {
        status: 'failed',
        reason: 'machine lost',
        failure: { kind: 'lost', message: 'machine lost', machine: host },
      };
      log.write({ type: 'task-continued', taskId, ending, feedback: '', uncounted: true });
      return;
    }
    await workers.ask(300, 2000);
    commits += 1;
    const commit = commits.toString(16).padStart(40, '0');
    log.write({
      type: 'work-collected',
      taskId,
      commit,
      changes: [{ path: `area/${taskId}.ts`, kind: 'modified' }],
      committedLeftovers: false,
    });
    log.write({ type: 'claims-audited', taskId, outside: [], grown: [] });
    log.write({ type: 'integrated', taskId, from: '0'.repeat(40), commit });
    done += 1;
  };
  let peakBytes = 0;
  for (let steps = 0; done < count; steps += 1) {
    for (; running < size; running += 1) {
      const began = performance.now();
      const taskId = scheduler.next();
      log.schedulerMs += performance.now() - began;
      if (taskId === undefined) break;
      attempts += 1;
      const attempt = (log.state.tasks.get(taskId)?.attempt ?? 0) + 1;
      log.write({
        type: 'task-dispatched',
        taskId,
        attempt,
        base: '0'.repeat(40),
        stateDir: `/runs/${taskId}/${attempt}`,
      });
      void work(taskId, attempt);
    }
    await new Promise(setImmediate);
    if (steps % 1000 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    if (done < count) clock.step();
  }
  const simulatedMs = clock.now() - from;
  const { events, bytes, reducerMs, schedulerMs, journalMs, slices } = log;
  return {
    planMs,
    peakBytes,
    simulatedMs,
    attempts,
    events,
    bytes,
    reducerMs,
    schedulerMs,
    journalMs,
    slices,
    busy: workers.busyMs / (simulatedMs * size),
    lost: workers.lost,
    late: workers.late,
    twice: workers.twice,
  };
}

/** Each event goes to the journal, to the reducer and to the scheduler, as in a run; each has its time taken. */
class Log {
  events = 0;
  bytes = 0;
  journalMs = 0;
  reducerMs = 0;
  schedulerMs = 0;
  /** Time per event in each 100,000 of them, in microseconds. @type {number[]} */
  slices = [];
  /** @type {import('@pwt/core').RunState} */
  state = emptyRunState(RUN);
  #clock;
  #scheduler;
  #append;
  #sliceMs = 0;

  /**
   * @param {SimulatedClock} clock
   * @param {Scheduler} scheduler
   * @param {(line: string) => void} append
   */
  constructor(clock, scheduler, append) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#append = append;
  }

  /** The plan is written: what is measured begins here. */
  begin() {
    this.events = this.bytes = this.journalMs = this.reducerMs = this.schedulerMs = this.#sliceMs = 0;
    this.slices = [];
  }

  /** @param {Record<string, unknown>} event */
  write(event) {
    const full = /** @type {any} */ ({
      v: 3,
      seq: this.state.seq + 1,
      at: this.#clock.now(),
      runId: RUN,
      ...event,
    });
    const start = performance.now();
    const line = JSON.stringify(full);
    this.#append(line);
    const written = performance.now();
    this.state = applyEvent(this.state, full);
    const reduced = performance.now();
    this.#scheduler.apply(full);
    const scheduled = performance.now();
    this.events += 1;
    this.bytes += line.length + 1;
    this.journalMs += written - start;
    this.reducerMs += reduced - written;
    this.schedulerMs += scheduled - reduced;
    this.#sliceMs += scheduled - start;
    if (this.events % 100_000 === 0) {
      this.slices.push(this.#sliceMs / 100);
      this.#sliceMs = 0;
    }
  }
}

/** @param {Log} log @param {string} taskId @param {import('@pwt/core').AgentRun} run */
async function hear(log, taskId, run) {
  for await (const activity of run.events) log.write({ type: 'agent-activity', taskId, activity });
}
