import { relateClaims } from '@pwt/claims';
import type { Claim, SeparationPolicy } from '@pwt/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chanceBeside, likeliestRival, type RiskEstimate } from './risk.js';
import type { SchedulableTask } from './schedulable.js';
import { Scheduler } from './scheduler.js';

/** The same decisions, made by looking at everything every time. */
class PlainScheduler {
  readonly #options: Options;
  readonly #claims: Map<string, readonly Claim[]>;
  readonly #passedOver = new Map<string, number>();
  readonly #integrated = new Set<string>();
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

  dispatched(id: string): void {
    this.waiting.delete(id);
    this.held.set(id, this.#claims.get(id) ?? []);
    this.#endReservationOf(id);
    this.#passedOver.delete(id);
    const passed = this.#ready().filter((other) => this.#rank(other.id) < this.#rank(id));
    for (const other of passed) this.#passedOver.set(other.id, (this.#passedOver.get(other.id) ?? 0) + 1);
    const most = Math.max(4, 2 * this.#options.maxInstances);
    this.#reserved ??= this.#ready().find((other) => (this.#passedOver.get(other.id) ?? 0) >= most)?.id;
  }

  reclaim(id: string, claims: readonly Claim[]): void {
    this.#claims.set(id, claims);
    this.held.set(id, claims);
  }

  integrated(id: string): void {
    this.held.delete(id);
    this.#integrated.add(id);
  }

  rejected(id: string): void {
    this.waiting.delete(id);
    this.held.delete(id);
    this.#endReservationOf(id);
    for (const { id: other, dependsOn } of this.#options.tasks) {
      if (this.waiting.has(other) && dependsOn.includes(id)) this.rejected(other);
    }
  }

  requeued(id: string, touched: readonly Claim[]): void {
    this.held.delete(id);
    this.#claims.set(id, [...(this.#claims.get(id) ?? []), ...touched]);
    this.waiting.add(id);
  }

  #ready(): readonly SchedulableTask[] {
    return this.#options.tasks.filter(
      ({ id, dependsOn }) =>
        this.waiting.has(id) && dependsOn.every((other) => !this.#task(other) || this.#integrated.has(other)),
    );
  }

  #isHindered(id: string): boolean {
    const { separation, risk } = this.#options;
    const grave = separation === 'strict' ? ['conflict', 'possible'] : ['conflict'];
    if (this.#meets(id, this.held.keys(), grave)) return true;
    if (this.#reserved !== undefined && this.#reserved !== id && this.#meets(id, [this.#reserved], grave))
      return true;
    const rival = risk && separation === 'balanced' ? likeliestRival(risk, id, this.held.keys()) : undefined;
    return rival !== undefined && rival.probability > 0.7;
  }

  #meets(id: string, others: Iterable<string>, verdicts: readonly string[]): boolean {
    const mine = this.#claims.get(id) ?? [];
    return [...others].some((other) => {
      const { reasons } = relateClaims(mine, this.#claims.get(other) ?? []);
      return reasons.some(({ relation }) => verdicts.includes(relation));
    });
  }

  #endReservationOf(id: string): void {
    if (this.#reserved === id) this.#reserved = undefined;
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
    ...['start', 'start', 'start', 'start', 'start', 'start'],
    ...['integrate', 'integrate', 'reject', 'requeue', 'grow', 'give up'],
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

it('decides as looking at everything every time would', () => {
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
    const subject = new Scheduler({ ...options, order: tasks.map(({ id }) => id) });
    const plain = new PlainScheduler(options);
    for (const { kind, pick, claims } of run.moves) {
      const id = subject.next();
      expect(id).toBe(plain.next());
      const inFlight = [...plain.held.keys()];
      const one = inFlight[pick % inFlight.length];
      if (kind === 'start') {
        for (const scheduler of id === undefined ? [] : [subject, plain]) scheduler.dispatched(id as string);
      } else if (kind === 'give up') {
        const given = [...plain.waiting][pick % plain.waiting.size];
        for (const scheduler of given === undefined ? [] : [subject, plain])
          scheduler.rejected(given as string);
      } else if (one !== undefined) {
        for (const scheduler of [subject, plain]) {
          if (kind === 'integrate') scheduler.integrated(one);
          else if (kind === 'reject') scheduler.rejected(one);
          else if (kind === 'requeue') scheduler.requeued(one, claims);
          else scheduler.reclaim(one, [...(tasks.find((task) => task.id === one)?.claims ?? []), ...claims]);
        }
      }
      expect([...subject.waiting].sort()).toEqual([...plain.waiting].sort());
      for (const waiting of plain.waiting) {
        if (waiting === subject.next()) expect(subject.blockerOf(waiting)).toBeUndefined();
      }
    }
  });
  fc.assert(property, { seed: 20261126, numRuns: process.env.PWT_PROVE === '1' ? 20_000 : 1_000 });
}, 600_000);
