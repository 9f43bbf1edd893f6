import { relateClaims } from '@pwt/claims';
import type { Claim, SeparationPolicy } from '@pwt/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chanceBeside, likeliestConflict, type RiskEstimate } from './risk.js';
import type { SchedulableTask } from './schedulable.js';
import type { ScheduleEvent } from './schedule-event.js';
import { Scheduler } from './scheduler.js';

/** The same decisions, made by looking at everything every time. */
class PlainScheduler {
  readonly #options: Options;
  readonly #claims: Map<string, readonly Claim[]>;
  readonly #passedOver = new Map<string, number>();
  readonly integrated = new Set<string>();
  readonly waiting: Set<string>;
  readonly held = new Map<string, readonly Claim[]>();
  #reserved: string | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#claims = new Map(options.tasks.map(({ id, claims }) => [id, claims]));
    this.waiting = new Set(options.tasks.map(({ id }) => id));
  }

  next(): string | undefined {
    const { risk, separation } = this.#options;
    let best: { id: string; chance: number } | undefined;
    let reluctant: string | undefined;
    let startable = 0;
    for (const { id, priority } of this.#ready()) {
      const priorityOfBest = this.#task(best?.id ?? reluctant)?.priority ?? priority;
      if (priority < priorityOfBest) break;
      if (this.#isHindered(id)) continue;
      if (separation === 'balanced' && !risk && this.#meets(id, this.held.keys(), ['possible'])) {
        reluctant ??= id;
        continue;
      }
      startable += 1;
      const chance = risk && separation === 'balanced' ? chanceBeside(risk, id, this.held.keys()) : 0;
      if (!best || chance < best.chance) best = { id, chance };
      if (chance === 0 || startable >= 4) break;
    }
    return best?.id ?? reluctant;
  }

  apply(event: ScheduleEvent): void {
    if (event.type === 'target-replaced') for (const id of event.taskIds) this.#hold(id);
    else if (event.type === 'task-dispatched' && this.waiting.has(event.taskId)) this.#start(event.taskId);
    else if (event.type === 'task-dispatched' || event.type === 'task-reopened') this.#hold(event.taskId);
    else if (event.type === 'claims-audited') {
      this.#claims.set(event.taskId, [...(this.#claims.get(event.taskId) ?? []), ...event.grown]);
      this.held.set(event.taskId, this.#claims.get(event.taskId) ?? []);
    } else if (event.type === 'integrated' || event.type === 'task-finished') {
      this.held.delete(event.taskId);
      this.waiting.delete(event.taskId);
      if (event.type === 'integrated') this.integrated.add(event.taskId);
    } else if (event.type === 'task-requeued') {
      this.held.delete(event.taskId);
      this.waiting.add(event.taskId);
    }
    const ready = new Set(this.#ready().map(({ id }) => id));
    for (const id of [...this.#passedOver.keys()]) if (!ready.has(id)) this.#passedOver.delete(id);
    if (this.#reserved !== undefined && !ready.has(this.#reserved)) this.#reserved = undefined;
  }

  waitingDependentsOf(id: string): readonly string[] {
    const found = new Set([id]);
    for (const other of found) {
      for (const task of this.#options.tasks) if (task.dependsOn.includes(other)) found.add(task.id);
    }
    return [...found].filter((other) => other !== id && this.waiting.has(other));
  }

  /** Neither waiting, nor in flight, nor integrated. */
  ended(): readonly string[] {
    const known = ({ id }: SchedulableTask) =>
      this.waiting.has(id) || this.held.has(id) || this.integrated.has(id);
    return this.#options.tasks.filter((task) => !known(task)).map(({ id }) => id);
  }

  #start(id: string): void {
    this.waiting.delete(id);
    this.#hold(id);
    if (this.#reserved === id) this.#reserved = undefined;
    const passed = this.#ready().filter((other) => this.#rank(other.id) < this.#rank(id));
    for (const other of passed) this.#passedOver.set(other.id, (this.#passedOver.get(other.id) ?? 0) + 1);
    const most = Math.max(4, 2 * this.#options.maxInstances);
    this.#reserved ??= this.#ready().find((other) => (this.#passedOver.get(other.id) ?? 0) >= most)?.id;
  }

  #hold(id: string): void {
    this.waiting.delete(id);
    this.integrated.delete(id);
    this.held.set(id, this.#claims.get(id) ?? []);
  }

  #ready(): readonly SchedulableTask[] {
    return this.#options.tasks.filter(
      ({ id, dependsOn }) =>
        this.waiting.has(id) && dependsOn.every((other) => !this.#task(other) || this.integrated.has(other)),
    );
  }

  #isHindered(id: string): boolean {
    const { separation, risk } = this.#options;
    const grave = separation === 'strict' ? ['conflict', 'possible'] : ['conflict'];
    if (this.#meets(id, this.held.keys(), grave)) return true;
    if (this.#reserved !== undefined && this.#reserved !== id && this.#meets(id, [this.#reserved], grave))
      return true;
    const likeliest =
      risk && separation === 'balanced' ? likeliestConflict(risk, id, this.held.keys()) : undefined;
    return likeliest !== undefined && likeliest.probability > 0.7;
  }

  #meets(id: string, others: Iterable<string>, verdicts: readonly string[]): boolean {
    const mine = this.#claims.get(id) ?? [];
    return [...others].some((other) => {
      const { reasons } = relateClaims(mine, this.#claims.get(other) ?? []);
      return reasons.some(({ relation }) => verdicts.includes(relation));
    });
  }

  #task(id: string | undefined): SchedulableTask | undefined {
    return this.#options.tasks.find((task) => task.id === id);
  }

  #rank(id: string): number {
    return this.#options.tasks.findIndex((task) => task.id === id);
  }
}

interface Options {
  /** Most preferred first. */
  readonly tasks: readonly SchedulableTask[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
  readonly risk?: RiskEstimate;
}

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  pattern: fc.oneof(
    fc.constantFrom('a', 'A', 'b', 'x/a', 'x/b', 'x', 'x/*', 'x/**', '*', '!a', '!x/b'),
    fc.constantFrom(...'cdefghijklmnopqrst'),
  ),
  mode: fc.constantFrom('read', 'write', 'write', 'create'),
  class: fc.constantFrom('exclusive', 'exclusive', 'exclusive', 'append'),
  confidence: fc.constantFrom('declared', 'declared', 'possible'),
  rule: fc.constant('test'),
});
const anyTask = fc.record({
  claims: fc.array(anyClaim, { minLength: 1, maxLength: 3 }),
  dependsOn: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat({ max: 29 }), { maxLength: 2 })),
  urgent: fc.boolean(),
});
const anyMove = fc.record({
  kind: fc.constantFrom(
    ...['start', 'start', 'start', 'start', 'start', 'start', 'start any', 'start again'],
    ...['integrate', 'integrate', 'reject', 'requeue', 'grow', 'give up', 'reopen', 'replace', 'other'],
  ),
  pick: fc.nat({ max: 99 }),
  claims: fc.array(anyClaim, { maxLength: 2 }),
});
const anyRun = fc.record({
  tasks: fc.array(anyTask, { minLength: 1, maxLength: 30 }),
  priorities: fc.boolean(),
  separation: fc.constantFrom('strict', 'balanced', 'balanced', 'eager'),
  maxInstances: fc.integer({ min: 1, max: 3 }),
  chances: fc.option(fc.array(fc.constantFrom(0, 0, 0.2, 0.5, 0.9), { minLength: 1, maxLength: 7 })),
  moves: fc.array(anyMove, { minLength: 10, maxLength: 60 }),
});

type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never;

type PerTask = 'task-dispatched' | 'integrated' | 'task-finished' | 'task-requeued' | 'task-reopened';

/** What a run's log would say next, if such a move is possible. */
function eventOf({ kind, pick, claims }: Move, plain: PlainScheduler): ScheduleEvent | undefined {
  const one = (ids: Iterable<string>): string | undefined => [...ids][pick % Math.max(1, [...ids].length)];
  const about = (type: PerTask, taskId: string | undefined): ScheduleEvent | undefined =>
    taskId === undefined ? undefined : { type, taskId };
  const inFlight = one(plain.held.keys());
  switch (kind) {
    case 'start':
      return about('task-dispatched', plain.next());
    case 'start any':
      return about('task-dispatched', one(plain.waiting));
    case 'start again':
      return about('task-dispatched', inFlight);
    case 'integrate':
      return about('integrated', inFlight);
    case 'reject':
      return about('task-finished', inFlight);
    case 'give up':
      return about('task-finished', one(plain.waiting));
    case 'requeue':
      return about('task-requeued', one([...plain.held.keys(), ...plain.ended()]));
    case 'reopen':
      return about('task-reopened', one(plain.ended()));
    case 'grow':
      return inFlight === undefined ? undefined : { type: 'claims-audited', taskId: inFlight, grown: claims };
    case 'replace':
      return {
        type: 'target-replaced',
        taskIds: [...plain.integrated].filter((_, at) => (pick >> (at % 6)) & 1),
      };
    default:
      return { type: 'gate-started', taskId: inFlight ?? 'unknown' };
  }
}

it('decides as looking at everything every time would, whatever was asked on the way', () => {
  const property = fc.property(anyRun, (run) => {
    const { separation, maxInstances, chances } = run;
    const tasks = run.tasks
      .map(({ claims, dependsOn, urgent }, at) => ({
        ...{ id: String(at), claims, unknownScope: false, estimateMs: 1 },
        dependsOn: dependsOn.filter((other) => other !== at).map(String),
        priority: run.priorities && urgent ? 1 : 0,
      }))
      .sort((a, b) => b.priority - a.priority);
    const risk = (a: string, b: string) => chances?.[(Number(a) * Number(b)) % chances.length] ?? 0;
    const options = { tasks, separation, maxInstances, ...(chances ? { risk } : {}) };
    const fresh = () => new Scheduler({ ...options, order: tasks.map(({ id }) => id) });
    const subject = fresh();
    const plain = new PlainScheduler(options);
    const log: ScheduleEvent[] = [];
    const isSame = (other: Scheduler): void => {
      expect(other.next()).toBe(plain.next());
      expect([...other.waiting].sort()).toEqual([...plain.waiting].sort());
      expect(other.waitingCount).toBe(plain.waiting.size);
      // Asking who is next changes nothing, and names waiting tasks alone.
      for (const upcoming of subject.upcoming(3)) expect(plain.waiting.has(upcoming)).toBe(true);
      for (const waiting of plain.waiting) {
        if (waiting === other.next()) expect(other.blockerOf(waiting)).toBeUndefined();
      }
    };
    for (const move of run.moves) {
      isSame(subject);
      const event = eventOf(move, plain);
      if (event === undefined) continue;
      log.push(event);
      if ('taskId' in event && event.type === 'task-finished') {
        const stranded = subject.waitingDependentsOf(event.taskId ?? '');
        expect([...stranded].sort()).toEqual([...plain.waitingDependentsOf(event.taskId ?? '')].sort());
        for (const taskId of stranded) log.push({ type: 'task-finished', taskId });
        for (const one of log.slice(-1 - stranded.length))
          for (const each of [subject, plain]) each.apply(one);
      } else for (const each of [subject, plain]) each.apply(event);
    }
    const replayed = fresh();
    for (const event of log) replayed.apply(event);
    isSame(subject);
    isSame(replayed);
    for (const { id, claims } of tasks) {
      expect(replayed.holdersOf(claims, id)).toEqual(subject.holdersOf(claims, id));
      if (plain.waiting.has(id)) expect(replayed.blockerOf(id)).toEqual(subject.blockerOf(id));
    }
  });
  fc.assert(property, { seed: 20261126, numRuns: process.env.PWT_PROVE === '1' ? 20_000 : 1_000 });
}, 600_000);
