import {
  applyEvent,
  type Claim,
  claimRelation,
  emptyRunState,
  holdsClaims,
  type NewRunEvent,
  occupiesSlot,
  type RunEvent,
  type RunState,
  systemClock,
  type TaskState,
  waitingReason,
} from '@pwt/core';
import { type RiskEstimate, Scheduler, schedulableTasks } from '@pwt/planner/schedule';
import { matches as matchesPattern, overlap } from '@pwt/scope';
import {
  FixedResourceMonitor,
  MemoryMerger,
  MemoryRepository,
  MemoryWorkspaceProvider,
  makeClaims,
  makeRunOptions,
  makeTask,
  makeTaskEvents,
  ScriptedLauncher,
} from '@pwt/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispatchAll, endStuckTasks } from '../src/loop/dispatch.js';
import { createContext } from '../src/operations/create-context.js';
import { finish } from '../src/pipeline/finish.js';
import { skipStranded } from '../src/resume/requeue.js';
import type { RunContext } from '../src/run/run-context.js';
import { RunLog } from '../src/run/run-log.js';
import { StopSignal } from '../src/run/stop-signal.js';
import { answersOf } from './answers.js';

const PROVE = process.env.PWT_PROVE === '1';
const EVENTS_WANTED = PROVE ? 1_000_000 : 10_000;

const COMMIT = 'a'.repeat(40);
const patterns = [
  'src/**',
  'src/a.ts',
  'src/b.ts',
  'src/*.ts',
  'docs/x.md',
  'docs/*',
  'lib/c/**',
  'lib/d',
  'Z',
  '**',
];

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  pattern: fc.constantFrom(...patterns),
  mode: fc.constantFrom('read', 'write', 'write', 'create', 'delete'),
  class: fc.constantFrom('exclusive', 'exclusive', 'append', 'regenerate'),
  confidence: fc.constantFrom('declared', 'declared', 'possible'),
  rule: fc.constant('test'),
});
const anyTask = fc.record({
  claims: fc.array(anyClaim, { minLength: 1, maxLength: 3 }),
  dependsOn: fc.array(fc.nat({ max: 24 }), { maxLength: 2 }),
});
const anyMove = fc.record({
  kind: fc.constantFrom(
    'exit',
    'exit',
    'integrate',
    'integrate',
    'integrate',
    'reject',
    'crash',
    'grow',
    'requeue',
  ),
  /** Which of the tasks in flight. */
  pick: fc.nat({ max: 1000 }),
  claim: anyClaim,
});
const anyRun = fc.record({
  tasks: fc.array(anyTask, { minLength: 2, maxLength: 25 }),
  maxInstances: fc.integer({ min: 1, max: 6 }),
  separation: fc.constantFrom('strict', 'balanced', 'eager'),
  chances: fc.option(fc.array(fc.constantFrom(0, 0, 0.2, 0.5, 0.9), { minLength: 1, maxLength: 7 })),
  moves: fc.array(anyMove, { minLength: 40, maxLength: 120 }),
});
type AnyRun = typeof anyRun extends fc.Arbitrary<infer T> ? T : never;
type Move = AnyRun['moves'][number];

/** Estimates as a run has them; none for some runs. */
function riskOf({ chances }: AnyRun): RiskEstimate | undefined {
  if (chances === null) return undefined;
  return (a, b) => chances[(Number(a) * Number(b)) % chances.length] ?? 0;
}

/** A run in which tasks end as the test decides. Everything that decides who starts is the real thing. */
class Game {
  readonly #events: RunEvent[] = [];
  /** When each task was dispatched, and when it got each claim that it was not planned with. */
  readonly #since = new Map<string, number>();
  readonly #grownAt = new Map<Claim, number>();
  readonly #risk: RiskEstimate | undefined;
  #context: RunContext = undefined as never;

  private constructor(run: AnyRun) {
    this.#risk = run.separation === 'balanced' ? riskOf(run) : undefined;
  }

  static async start(run: AnyRun): Promise<Game> {
    const game = new Game(run);
    game.#open();
    const { log } = game;
    const { maxInstances, separation } = run;
    const options = makeRunOptions({ maxInstances, separation });
    await log.append({ type: 'run-started', target: 'main', base: COMMIT, options, settings: {} });
    for (const [index, { claims, dependsOn }] of run.tasks.entries()) {
      const taskId = String(index);
      // Mostly on earlier tasks; now and then in a circle.
      const needs = dependsOn.filter((id) => id < index || id === 24).map(String);
      const task = makeTask(taskId, { dependsOn: needs });
      await log.append({ type: 'task-planned', taskId, task, claims: { ...makeClaims(taskId), claims } });
    }
    await log.append({
      type: 'run-planned',
      order: run.tasks.map((_, index) => String(index)),
      diagnostics: [],
    });
    await game.crash();
    return game;
  }

  get log(): RunLog {
    return this.#log;
  }
  #log!: RunLog;

  get eventCount(): number {
    return this.#events.length;
  }

  get inFlight(): readonly TaskState[] {
    return [...this.log.state.tasks.values()].filter(holdsClaims);
  }

  /** A new process: all it knows is the log. */
  async crash(): Promise<void> {
    this.#open();
    const repository = new MemoryRepository();
    const parts = {
      // What it has made is not there to be kept.
      provider: Object.assign(new MemoryWorkspaceProvider(repository), { snapshot: undefined }),
      launcher: new ScriptedLauncher(async () => 0),
      merger: new MemoryMerger(repository),
      resources: new FixedResourceMonitor(),
    };
    const before = this.#context && answersOf(this.#context.scheduler);
    this.#context = createContext({
      log: this.log,
      parts,
      clock: systemClock,
      runsDir: '/runs',
      stop: new StopSignal(),
      risk: this.#risk,
    });
    if (before) expect(answersOf(this.#context.scheduler)).toEqual(before);
    await skipStranded(this.#context);
  }

  async dispatch(): Promise<void> {
    const running = new Set(this.inFlight.map((task) => task.task.id));
    const inFlight = { taskIds: running, has: () => false };
    dispatchAll(this.#context, { paused: undefined }, inFlight, new Set(), (taskId) => {
      running.add(taskId);
      this.#since.set(taskId, this.eventCount);
    });
  }

  async play({ kind, pick, claim }: Move): Promise<void> {
    if (kind === 'crash') return this.crash();
    const tasks = this.inFlight.filter(
      (task) => (kind === 'exit') === occupiesSlot(task) || kind === 'reject',
    );
    const task = tasks[pick % tasks.length];
    if (!task) return;
    const taskId = task.task.id;
    if (kind === 'exit') {
      await this.record(...makeTaskEvents(taskId, 'collected').slice(1));
    } else if (kind === 'integrate') {
      const way = makeTaskEvents(taskId, 'integrated');
      const next = task.phase === 'collected' ? 'claims-audited' : 'integrated';
      await this.record(...way.slice(way.findIndex(({ type }) => type === next)));
    } else if (kind === 'reject') {
      await finish(this.#context, taskId, { status: 'failed', reason: 'test' });
    } else if (kind === 'requeue') {
      await this.log.append({ type: 'task-requeued', taskId, reason: 'test' });
    } else {
      await this.log.append({ type: 'claims-audited', taskId, outside: [], grown: [claim], heldBy: [] });
      this.#grownAt.set(claim, this.eventCount);
    }
  }

  async record(...events: readonly NewRunEvent[]): Promise<void> {
    for (const event of events) await this.log.append(event);
  }

  /** No two in flight hold claims that conflict, unless the later of the two to hold its claim had it grow. */
  checkClaims(): void {
    const tasks = this.inFlight;
    for (const [index, a] of tasks.entries()) {
      for (const b of tasks.slice(0, index)) {
        for (const mine of a.claims) for (const theirs of b.claims) this.#checkPair(a, mine, b, theirs);
      }
    }
  }

  /**
   * Whatever event a reader has come to: what is shown of each waiting task is so in that very state. What is only known once
   * the run has looked is shown as such, and never after it has looked.
   */
  checkReasons({ maxInstances, separation }: AnyRun): void {
    const order = this.log.state.order;
    const planned = this.#events.flatMap((event) => (event.type === 'task-planned' ? [event] : []));
    const tasks = schedulableTasks(
      planned.map(({ task }) => task),
      planned.map(({ claims }) => claims),
    );
    const risk = this.#risk;
    const scheduler = new Scheduler({ tasks, order, separation, maxInstances, ...(risk ? { risk } : {}) });
    let state = emptyRunState('run-1');
    for (const event of this.#events) {
      state = applyEvent(state, event);
      scheduler.apply(event);
      if (state.order.length > 0) checkReasonsIn(state, scheduler, risk);
      if (event.type !== 'waiting-explained') continue;
      const kinds = [...state.tasks.values()].map((task) => waitingReason(state, task)?.kind);
      expect(kinds, 'after it has looked').not.toContain('turn');
    }
  }

  /** A task that waits, waits for a task that will end, or for itself. */
  async checkMovement(maxInstances: number): Promise<void> {
    const { scheduler } = this.#context;
    if (this.inFlight.filter(occupiesSlot).length >= maxInstances) return;
    const holders = new Set(this.inFlight.map((task) => task.task.id));
    for (const id of scheduler.waiting) {
      const blocker = scheduler.blockerOf(id);
      expect(blocker, `${id} could start`).toBeDefined();
      if (blocker?.kind === 'claim') expect(holders).toContain(blocker.taskId);
      if (blocker?.kind === 'reserved') expect(scheduler.blockerOf(blocker.taskId)?.kind).toBe('claim');
    }
    if (holders.size > 0) return;
    for (const id of scheduler.waiting) expect(scheduler.blockerOf(id)?.kind).toBe('dependency');
    await endStuckTasks(this.#context);
    expect(scheduler.waitingCount).toBe(0);
  }

  #checkPair(a: TaskState, mine: Claim, b: TaskState, theirs: Claim): void {
    if (claimRelation(mine, theirs) !== 'conflict' || !overlap(mine.pattern, theirs.pattern)) return;
    const heldSince = (task: TaskState, claim: Claim) =>
      Math.max(this.#since.get(task.task.id) ?? 0, this.#grownAt.get(claim) ?? 0);
    const [late, claim] = heldSince(a, mine) > heldSince(b, theirs) ? [a, mine] : [b, theirs];
    const grewInFlight = (this.#grownAt.get(claim) ?? -1) >= (this.#since.get(late.task.id) ?? 0);
    expect(grewInFlight, `${a.task.id} ${mine.pattern} beside ${b.task.id} ${theirs.pattern}`).toBe(true);
  }

  #open(): void {
    const { length } = this.#events;
    const history = this.#events.slice(0, length);
    const journal = {
      append: async (event: RunEvent) => void this.#events.push(event),
      close: async () => undefined,
    };
    this.#log = new RunLog({
      runId: 'run-1',
      journal,
      sinks: [],
      clock: systemClock,
      sinkPatienceMs: 0,
      history,
    });
  }
}

function checkReasonsIn(state: RunState, scheduler: Scheduler, risk: RiskEstimate | undefined): void {
  const holders = [...state.tasks.values()].filter(holdsClaims);
  expect([...scheduler.waiting].sort()).toEqual(
    [...state.tasks.values()].flatMap((task) => (task.phase === 'waiting' ? [task.task.id] : [])).sort(),
  );
  for (const id of scheduler.waiting) {
    const task = state.tasks.get(id) as TaskState;
    const shown = waitingReason(state, task);
    const other = shown && 'taskId' in shown ? state.tasks.get(shown.taskId) : undefined;
    const about = `${id}: ${JSON.stringify(shown)} at ${state.seq}`;
    switch (shown?.kind) {
      case 'dependency':
        expect(task.task.dependsOn, about).toContain(shown.taskId);
        expect(other?.phase, about).not.toBe('integrated');
        break;
      case 'claim':
        expect(holders, about).toContain(other);
        expect(
          other?.claims.some((theirs) =>
            task.claims.some(
              (mine) =>
                claimRelation(mine, theirs) !== 'compatible' &&
                matchesPattern(mine.pattern, shown.path) &&
                overlap(mine.pattern, theirs.pattern),
            ),
          ),
          about,
        ).toBe(true);
        break;
      case 'risk':
        expect(holders, about).toContain(other);
        expect(risk?.(id, shown.taskId), about).toBe(shown.probability);
        break;
      case 'yields':
        expect(holders, about).toContain(other);
        break;
      case 'reserved':
        expect(other?.phase, about).toBe('waiting');
        expect(scheduler.blockerOf(id), about).toBeDefined();
        break;
      case 'slot':
        expect(scheduler.blockerOf(id), about).toBeUndefined();
        expect(holders.filter(occupiesSlot).length, about).toBeGreaterThanOrEqual(
          state.options?.maxInstances ?? 0,
        );
        break;
      default:
        expect(shown?.kind, about).toBe('turn');
    }
  }
}

describe('claims', () => {
  it('are never held by two at once but through growth, and never leave everybody waiting', async () => {
    let events = 0;
    for (let round = 0; events < EVENTS_WANTED; round += 1) {
      const property = fc.asyncProperty(anyRun, async (run) => {
        const game = await Game.start(run);
        for (const move of run.moves) {
          await game.dispatch();
          game.checkClaims();
          await game.checkMovement(run.maxInstances);
          await game.play(move);
          game.checkClaims();
        }
        game.checkReasons(run);
        events += game.eventCount;
      });
      await fc.assert(property, { seed: 20270315 + round, numRuns: 20 });
    }
    expect(events).toBeGreaterThanOrEqual(EVENTS_WANTED);
  }, 1_200_000);
});
