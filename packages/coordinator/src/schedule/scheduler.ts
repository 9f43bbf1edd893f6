import type { Blocker, Claim, SeparationPolicy } from '@pwt/core';
import { ClaimIndex } from '@pwt/scope';
import { dependentsOf, transitiveDependents } from './graph.js';
import type { SchedulableTask } from './schedulable.js';

export interface SchedulerOptions {
  readonly tasks: readonly SchedulableTask[];
  /** Ids, most preferred first; tasks that are left out come last. */
  readonly order: readonly string[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
}

/**
 * Decides which waiting task may start next. It knows which tasks hold their claims and which have been
 * integrated; slots, resources and time are the caller's. Deterministic: the same calls give the same
 * answers.
 *
 * Invariant: no two tasks that hold claims are in conflict, except through claims that grew afterwards.
 */
export class Scheduler {
  readonly #tasks: Map<string, SchedulableTask>;
  readonly #dependents: ReadonlyMap<string, readonly string[]>;
  readonly #separation: SeparationPolicy;
  readonly #patience: number;
  readonly #held = new ClaimIndex();
  readonly #holders = new Set<string>();
  readonly #integrated = new Set<string>();
  readonly #order: readonly string[];
  #waiting: Set<string>;
  /** Who blocked a task last: as long as it still holds, the task need not be looked at again. */
  readonly #blockers = new Map<string, Extract<Blocker, { kind: 'claim' }>>();
  readonly #passedOver = new Map<string, number>();
  #reserved: { readonly id: string; readonly index: ClaimIndex } | undefined;

  constructor(options: SchedulerOptions) {
    this.#tasks = new Map(options.tasks.map((task) => [task.id, task]));
    this.#dependents = dependentsOf(options.tasks);
    this.#separation = options.separation;
    this.#patience = Math.max(4, 2 * options.maxInstances);
    this.#order = [...new Set([...options.order, ...this.#tasks.keys()])].filter((id) => this.#tasks.has(id));
    this.#waiting = new Set(this.#order);
  }

  /** How many tasks have not been dispatched yet. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** The waiting tasks, most preferred first. */
  get waiting(): Iterable<string> {
    return this.#waiting;
  }

  /**
   * The task that should start now, or `undefined` if none may. With the `balanced` policy a task that
   * only possibly collides with one in flight starts when nothing better is there.
   */
  next(): string | undefined {
    const passed: string[] = [];
    let fallback: string | undefined;
    for (const id of this.#waiting) {
      if (!this.#dependenciesMet(id)) continue;
      const standing = this.#standing(id);
      if (standing === 'blocked') passed.push(id);
      else if (standing === 'free') return this.#choose(id, passed);
      else fallback ??= id;
    }
    return fallback === undefined ? undefined : this.#choose(fallback, passed);
  }

  /** Why a waiting task may not start now; `undefined` if it may. */
  blockerOf(id: string): Blocker | undefined {
    const open = this.#task(id).dependsOn.find((dependency) => this.#isOpen(dependency));
    if (open !== undefined) return { kind: 'dependency', taskId: open };
    if (this.#standing(id) !== 'blocked') return undefined;
    return this.#blockers.get(id) ?? { kind: 'reserved', taskId: this.#reserved?.id ?? id };
  }

  /** The task starts: it holds its claims from now on. */
  dispatched(id: string): void {
    this.#waiting.delete(id);
    this.#blockers.delete(id);
    this.#passedOver.delete(id);
    if (this.#reserved?.id === id) this.#reserved = undefined;
    this.#hold(id, this.#task(id).claims);
  }

  /** The task in flight holds these claims from now on, instead of those it held; also if it starts over. */
  reclaim(id: string, claims: readonly Claim[]): void {
    this.#tasks.set(id, { ...this.#task(id), claims });
    this.#hold(id, claims);
  }

  /** Those in flight that conflict with these claims, other than the task itself. */
  holdersOf(claims: readonly Claim[], except: string): readonly string[] {
    const found = this.#held.conflictsWith(claims, { except });
    return [...new Set(found.filter((entry) => entry.relation === 'conflict').map((entry) => entry.taskId))];
  }

  /** The task's work is in: its claims are free and its dependents may start. */
  integrated(id: string): void {
    this.#integrated.add(id);
    this.#release(id);
  }

  /** The task will not be integrated. Returns the waiting tasks that can't start any more because of it. */
  rejected(id: string): readonly string[] {
    this.#waiting.delete(id);
    this.#release(id);
    const skipped = [...transitiveDependents(this.#dependents, [id])].filter((next) =>
      this.#waiting.has(next),
    );
    for (const next of skipped) this.#waiting.delete(next);
    return skipped;
  }

  /** The task starts over: it waits again, in its old place. O(number of tasks). */
  requeued(id: string): void {
    this.#release(id);
    this.#waiting.add(id);
    this.#waiting = new Set(this.#order.filter((other) => this.#waiting.has(other)));
  }

  #choose(id: string, passed: readonly string[]): string {
    for (const other of passed) {
      const count = (this.#passedOver.get(other) ?? 0) + 1;
      this.#passedOver.set(other, count);
      if (count >= this.#patience && !this.#reserved) this.#reserve(other);
    }
    return id;
  }

  /** From now on nobody else gets a claim that this task needs. */
  #reserve(id: string): void {
    const index = new ClaimIndex();
    index.add(id, this.#task(id).claims);
    this.#reserved = { id, index };
  }

  #standing(id: string): 'free' | 'possible' | 'blocked' {
    const known = this.#blockers.get(id);
    if (known && this.#holders.has(known.taskId)) return 'blocked';
    this.#blockers.delete(id);
    const { claims } = this.#task(id);
    let possible = false;
    for (const found of this.#held.conflictsWith(claims)) {
      if (this.#blocks(found.relation)) {
        this.#blockers.set(id, { kind: 'claim', taskId: found.taskId, path: found.witness });
        return 'blocked';
      }
      possible = true;
    }
    if (this.#reserved && this.#reserved.id !== id) {
      const rivals = this.#reserved.index.conflictsWith(claims);
      if (rivals.some((found) => this.#blocks(found.relation))) return 'blocked';
    }
    return possible && this.#separation === 'balanced' ? 'possible' : 'free';
  }

  #blocks(relation: string): boolean {
    return relation === 'conflict' || (relation === 'possible' && this.#separation === 'strict');
  }

  #dependenciesMet(id: string): boolean {
    return !this.#task(id).dependsOn.some((dependency) => this.#isOpen(dependency));
  }

  /** Dependencies on tasks that are not part of the run count as met: they are not this run's business. */
  #isOpen(id: string): boolean {
    return this.#tasks.has(id) && !this.#integrated.has(id);
  }

  #hold(id: string, claims: readonly Claim[]): void {
    this.#held.remove(id);
    this.#held.add(id, claims);
    this.#holders.add(id);
  }

  #release(id: string): void {
    this.#held.remove(id);
    this.#holders.delete(id);
    if (this.#reserved?.id === id) this.#reserved = undefined;
  }

  #task(id: string): SchedulableTask {
    const task = this.#tasks.get(id);
    if (!task) throw new Error(`unknown task ${id}`);
    return task;
  }
}
