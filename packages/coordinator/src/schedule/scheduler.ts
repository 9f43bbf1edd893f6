import type { Blocker, Claim, SeparationPolicy } from '@pwt/core';
import { ClaimIndex } from '@pwt/scope';
import { changedPaths, exclusivePaths } from './certain-paths.js';
import { dependentsOf, transitiveDependents } from './graph.js';
import { chanceBeside, likeliestRival, type RiskEstimate } from './risk.js';
import type { SchedulableTask } from './schedulable.js';

export interface SchedulerOptions {
  readonly tasks: readonly SchedulableTask[];
  /** Ids, most preferred first; tasks that are left out come last. */
  readonly order: readonly string[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
  /** The chance that two tasks change a common file, by their ids; used by `balanced`. */
  readonly risk?: RiskEstimate;
  /**
   * `balanced` starts no task beside one that it is likelier than this to collide with. Of pairs, not of all in
   * flight together: many agents on unrelated work must not keep a task waiting by their number. @default 0.7
   */
  readonly waitAboveRisk?: number;
}

/** How many startable tasks are compared by risk: with more, the order that keeps the busiest files busy is lost. */
const LOOK_AHEAD = 4;

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
  readonly #risk: SchedulerOptions['risk'];
  readonly #waitAboveRisk: number;
  readonly #held = new ClaimIndex();
  /** The tasks in flight with what they hold. */
  readonly #holders = new Map<string, readonly Claim[]>();
  /** Who holds a path exclusively: answers most questions about hot files without asking the index. */
  readonly #heldPaths = new Map<string, string>();
  readonly #integrated = new Set<string>();
  readonly #order: readonly string[];
  #waiting: Set<string>;
  /** Who blocked a task last: as long as it still holds, the task need not be looked at again. */
  readonly #blockers = new Map<string, Extract<Blocker, { kind: 'claim' }>>();
  readonly #passedOver = new Map<string, number>();
  /** What a task turned out to touch when it was done before. */
  readonly #touched = new Map<string, readonly Claim[]>();
  readonly #changedPaths = new Map<string, readonly string[]>();
  #reserved: { readonly id: string; readonly index: ClaimIndex } | undefined;

  constructor(options: SchedulerOptions) {
    this.#tasks = new Map(options.tasks.map((task) => [task.id, task]));
    this.#dependents = dependentsOf(options.tasks);
    this.#separation = options.separation;
    this.#risk = options.risk;
    this.#waitAboveRisk = options.waitAboveRisk ?? 0.7;
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
   * The task that should start now, or `undefined` if none may. With the `balanced` policy it is the one, of the
   * first that may start, with the smallest chance to collide with those in flight; one that is likelier than
   * `waitAboveRisk` to collide with one of them waits until that is through. Without `risk`, a task whose claims
   * possibly meet those in flight starts when nothing better is there.
   */
  next(): string | undefined {
    const passed: string[] = [];
    let best: { readonly id: string; readonly chance: number } | undefined;
    let startable = 0;
    for (const id of this.#waiting) {
      if (!this.#dependenciesMet(id)) continue;
      if (best && this.#task(id).priority < this.#task(best.id).priority) break;
      const standing = this.#standing(id);
      if (standing === 'blocked') {
        passed.push(id);
        continue;
      }
      if (this.#riskyRival(id)) continue;
      const chance = this.#chance(id, standing);
      if (!best || chance < best.chance) best = { id, chance };
      startable += 1;
      if (chance === 0 || (this.#risk && startable >= LOOK_AHEAD)) break;
    }
    if (!best) return undefined;
    return this.#choose(best.id, passed);
  }

  /** Why a waiting task may not start now; `undefined` if it may. */
  blockerOf(id: string): Blocker | undefined {
    const open = this.#task(id).dependsOn.find((dependency) => this.#isOpen(dependency));
    if (open !== undefined) return { kind: 'dependency', taskId: open };
    const standing = this.#standing(id);
    if (standing !== 'blocked') return this.#riskyRival(id);
    return this.#blockers.get(id) ?? { kind: 'reserved', taskId: this.#reserved?.id ?? id };
  }

  /** The task starts: it holds its claims from now on. */
  dispatched(id: string): void {
    this.#waiting.delete(id);
    this.#blockers.delete(id);
    this.#passedOver.delete(id);
    if (this.#reserved?.id === id) this.#reserved = undefined;
    this.#hold(id, this.#claimsOf(id));
  }

  /** The task in flight holds these claims from now on, instead of those it held; also if it starts over. */
  reclaim(id: string, claims: readonly Claim[]): void {
    this.#tasks.set(id, { ...this.#task(id), claims });
    this.#changedPaths.delete(id);
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

  /**
   * The task starts over: it waits again, in its old place, and claims what it turned out to touch as well.
   * O(number of tasks).
   */
  requeued(id: string, touched: readonly Claim[] = []): void {
    this.#touched.set(id, touched);
    this.#changedPaths.delete(id);
    this.#release(id);
    this.#waiting.add(id);
    this.#waiting = new Set(this.#order.filter((other) => this.#waiting.has(other)));
  }

  /** The chance that a task collides with one in flight, as far as the policy cares. */
  #chance(id: string, standing: 'free' | 'possible'): number {
    if (this.#separation !== 'balanced') return 0;
    if (!this.#risk) return standing === 'possible' ? Number.MIN_VALUE : 0;
    return chanceBeside(this.#risk, id, this.#holders.keys());
  }

  /** The one in flight that a task has to wait for because they are too likely to collide. */
  #riskyRival(id: string): Extract<Blocker, { kind: 'risk' }> | undefined {
    if (!this.#risk || this.#separation !== 'balanced') return undefined;
    const rival = likeliestRival(this.#risk, id, this.#holders.keys());
    return rival && rival.probability > this.#waitAboveRisk ? { kind: 'risk', ...rival } : undefined;
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
    index.add(id, this.#claimsOf(id));
    this.#reserved = { id, index };
  }

  #standing(id: string): 'free' | 'possible' | 'blocked' {
    const known = this.#blockers.get(id);
    if (known && this.#holders.has(known.taskId)) return 'blocked';
    this.#blockers.delete(id);
    for (const path of this.#changedPathsOf(id)) {
      const taskId = this.#heldPaths.get(path);
      if (taskId === undefined) continue;
      this.#blockers.set(id, { kind: 'claim', taskId, path });
      return 'blocked';
    }
    const claims = this.#claimsOf(id);
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
    this.#letGo(id);
    this.#held.add(id, claims);
    this.#holders.set(id, claims);
    for (const path of exclusivePaths(claims)) this.#heldPaths.set(path, id);
  }

  #release(id: string): void {
    this.#letGo(id);
    if (this.#reserved?.id === id) this.#reserved = undefined;
  }

  #letGo(id: string): void {
    for (const path of exclusivePaths(this.#holders.get(id) ?? [])) {
      if (this.#heldPaths.get(path) === id) this.#heldPaths.delete(path);
    }
    this.#held.remove(id);
    this.#holders.delete(id);
  }

  #claimsOf(id: string): readonly Claim[] {
    const { claims } = this.#task(id);
    const touched = this.#touched.get(id);
    return touched === undefined ? claims : [...claims, ...touched];
  }

  /** Asked for every waiting task at every event, so it is worked out once. */
  #changedPathsOf(id: string): readonly string[] {
    const known = this.#changedPaths.get(id);
    if (known) return known;
    const paths = changedPaths(this.#claimsOf(id));
    this.#changedPaths.set(id, paths);
    return paths;
  }

  #task(id: string): SchedulableTask {
    const task = this.#tasks.get(id);
    if (!task) throw new Error(`unknown task ${id}`);
    return task;
  }
}
