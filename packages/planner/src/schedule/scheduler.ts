import { type ClaimNode, ClaimTable } from '@pwt/claims';
import type { Blocker, Claim, SeparationPolicy } from '@pwt/core';
import { Blockers, type Waiter } from './blockers.js';
import { dependentsOf, transitiveDependents } from './graph.js';
import { Holders } from './holders.js';
import { PassedOver } from './passed-over.js';
import { type BlockedClaim, ReadyQueue } from './ready-queue.js';
import { chanceBeside, type RiskEstimate } from './risk.js';
import type { SchedulableTask } from './schedulable.js';
import type { ScheduleEvent } from './schedule-event.js';

export interface SchedulerOptions {
  readonly tasks: readonly SchedulableTask[];
  /** Ids, most preferred first; tasks that it does not name come last. */
  readonly order: readonly string[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
  /** The table of the tasks' claims; the scheduler only adds nodes to it. @default a new one */
  readonly table?: ClaimTable;
  /** The chance that two tasks change a common file, by their ids; used by `balanced`. */
  readonly risk?: RiskEstimate;
  /**
   * With `balanced`, two tasks do not run together if the chance that both change a common file is greater than this. It
   * counts for each pair alone: many agents on unrelated work must not block a task by their number. @default 0.7
   */
  readonly waitAboveRisk?: number;
}

/** How many startable tasks are compared by risk. With more, the preferred order would hardly count. */
const LOOK_AHEAD = 4;

/** How many waiting tasks a forecast looks at for each task that it names. */
const FORECAST = 8;

/** The key on which tasks are blocked by the reservation. */
const RESERVATION = Symbol('reservation');

interface Entry extends Waiter {
  readonly rank: number;
  readonly priority: number;
  readonly dependsOn: readonly string[];
  claims: readonly Claim[];
  nodes: readonly ClaimNode[];
  /** How many tasks that it depends on are not integrated. */
  open: number;
  waiting: boolean;
}

/**
 * Decides which waiting task may start next. It follows a run's log: {@link apply} tells it which tasks hold their claims
 * and which are integrated. The caller takes care of slots, resources and time. Deterministic: the same events give the
 * same answers, whatever was asked in between. To resume a run, apply its whole log.
 *
 * An event costs about the logarithm of the number of tasks, plus the conflicts of the claims concerned: a blocked task is
 * not checked again before its blocker is gone.
 *
 * Invariant: no two tasks that hold claims are in conflict, except through claims that grew afterwards.
 */
export class Scheduler {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #byRank: readonly Entry[];
  readonly #dependents: ReadonlyMap<string, readonly string[]>;
  readonly #risk: RiskEstimate | undefined;
  readonly #table: ClaimTable;
  readonly #holders = new Holders();
  readonly #blockers: Blockers;
  readonly #queue = new ReadyQueue();
  readonly #passedOver: PassedOver;
  readonly #integrated = new Set<string>();
  /** Waiting tasks that go on with work that they have; the one that has waited longest is first. */
  readonly #goingOn = new Set<string>();
  /** Waiting tasks of which a person is asked something, and what. */
  readonly #asking = new Map<string, string>();
  #waiting: Set<string>;

  constructor(options: SchedulerOptions) {
    const { separation, waitAboveRisk = 0.7 } = options;
    const tasks = new Map(options.tasks.map((task) => [task.id, task]));
    this.#dependents = dependentsOf(options.tasks);
    this.#risk = separation === 'balanced' ? options.risk : undefined;
    this.#blockers = new Blockers({ holders: this.#holders, separation, risk: this.#risk, waitAboveRisk });
    this.#table = options.table ?? new ClaimTable();
    const order = [...new Set([...options.order, ...tasks.keys()])].filter((id) => tasks.has(id));
    this.#passedOver = new PassedOver(order.length, Math.max(4, 2 * options.maxInstances));
    this.#waiting = new Set(order);
    this.#byRank = order.map((id, rank) => {
      const { priority, dependsOn, claims, nodes } = tasks.get(id) as SchedulableTask;
      const open = new Set(dependsOn.filter((other) => tasks.has(other))).size;
      return {
        id,
        rank,
        priority,
        dependsOn,
        claims,
        nodes: this.#counted(nodes ?? this.#table.nodesFor(claims)),
        open,
        waiting: true,
      };
    });
    this.#entries = new Map(this.#byRank.map((entry) => [entry.id, entry]));
    for (const entry of this.#byRank) if (entry.open === 0) this.#ready(entry);
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
   * The task that should start now; `undefined` if none may. One that goes on with work that it has comes before those that
   * begin, whatever their order: what it waited for is fresh, and others may need it. With the policy `balanced`, the first few tasks that may start
   * are compared: the one with the smallest chance to change a file that a task in flight changes is first. A task whose
   * chance with one in flight is above `waitAboveRisk` waits for that one. Without `risk`, a task that possibly conflicts
   * with one in flight starts only when no better task may.
   */
  next(): string | undefined {
    for (const id of this.#goingOn) if (this.blockerOf(id) === undefined) return id;
    const startable: Entry[] = [];
    let best: { readonly entry: Entry; readonly chance: number } | undefined;
    for (let ready = this.#queue.take(); ready; ready = this.#queue.take()) {
      const entry = this.#byRank[ready.rank] as Entry;
      if (best && entry.priority < best.entry.priority) {
        this.#queue.add(ready.rank, ready.released);
        break;
      }
      const blocked = this.#block(entry);
      if (ready.released) this.#release(ready.released);
      if (blocked) continue;
      startable.push(entry);
      const chance = this.#risk ? chanceBeside(this.#risk, entry.id, this.#holders.taskIds) : 0;
      if (!best || chance < best.chance) best = { entry, chance };
      if (chance === 0 || startable.length >= LOOK_AHEAD) break;
    }
    for (const { rank } of startable) this.#queue.add(rank);
    return this.#orLastResort(best?.entry)?.id;
  }

  /**
   * The waiting tasks that would start next, at most so many: first those that may start now, then those that wait for
   * tasks in flight alone; no two that can't run together. Changes nothing. A forecast: which tasks end first, and risk, may
   * decide otherwise. Looks at a few waiting tasks for each that is asked for.
   */
  upcoming(count: number): readonly string[] {
    const now: string[] = [];
    const soon: string[] = [];
    const taken = new Set<ClaimNode>();
    let left = FORECAST * count;
    for (const id of this.#waiting) {
      if (now.length >= count || left === 0) break;
      left -= 1;
      const entry = this.#entry(id);
      if (this.#asking.has(id) || entry.nodes.some((node) => taken.has(node))) continue;
      const on = entry.dependsOn.filter((dependency) => this.#isOpen(dependency));
      if (on.some((dependency) => !this.#holders.has(dependency))) continue;
      const by = this.#blockers.of(entry);
      if (by?.kind === 'reserved') continue;
      (on.length === 0 && by === undefined ? now : soon).push(id);
      for (const node of this.#blockers.blockedBy(entry)) taken.add(node);
    }
    return [...now, ...soon].slice(0, count);
  }

  /** Why a waiting task may not start now; `undefined` if it may. */
  blockerOf(id: string): Blocker | undefined {
    return this.#blockerOf(id, false);
  }

  #blockerOf(id: string, isFar: boolean): Blocker | undefined {
    const entry = this.#entry(id);
    const question = this.#asking.get(id);
    if (question !== undefined) return { kind: 'answer', message: question };
    const open = entry.dependsOn.find((dependency) => this.#isOpen(dependency));
    if (open !== undefined) return { kind: 'dependency', taskId: open };
    return this.#blockers.blockerOf(entry, isFar);
  }

  /**
   * Why a waiting task has not started: what {@link blockerOf} says, or that it was passed over and others still start before
   * it; `undefined` if it starts with the next free slot, or others come before it in their order alone.
   *
   * @param isFar many come before it: unless it was passed over, nothing is said of risk, which costs one look at each task in flight
   */
  waitsFor(id: string, isFar = false): Blocker | undefined {
    const entry = this.#entry(id);
    const isPassedOver = this.#passedOver.countOf(entry.rank) > 0;
    const blocker = this.#blockerOf(id, isFar && !isPassedOver);
    if (blocker !== undefined || !isPassedOver) return blocker;
    const taskId = this.#blockers.yieldsTo(entry);
    return taskId === undefined ? undefined : { kind: 'yields', taskId };
  }

  /**
   * Applies an event. These types have an effect, if they are about tasks of this scheduler:
   *
   * | Event | Effect |
   * |---|---|
   * | `task-dispatched` | The task holds its claims and waits no more. A further attempt has no effect. |
   * | `claims-grown` | It also holds these claims, and keeps them if it waits again. |
   * | `claims-audited` | It also holds the claims that it has grown by, and keeps them if it waits again. |
   * | `integrated` | Its claims are free and its dependents may start. |
   * | `task-finished` | Its claims are free; it neither waits nor is integrated. |
   * | `task-requeued` | Its claims are free and it waits again, in its old place. |
   * | `task-continued` | As `task-requeued`, and it goes on before others begin; with a question, once that is answered. |
   * | `question-answered` | A waiting task may go on. |
   * | `task-reopened` | It holds its claims again. |
   * | `target-replaced`, `integration-restarted` | Each of `taskIds` holds its claims again and counts as not integrated: waiting dependents wait for it. |
   *
   * {@link next} can return a task as soon as its `task-requeued` is applied. If the caller's earlier attempt is still ending
   * then, the caller waits for that before it starts the new one.
   */
  apply(event: ScheduleEvent): void {
    if (event.type === 'target-replaced' || event.type === 'integration-restarted') {
      for (const id of event.taskIds) if (this.#entries.has(id)) this.#reopened(id);
      return;
    }
    if (!('taskId' in event) || event.taskId === undefined || !this.#entries.has(event.taskId)) return;
    const id = event.taskId;
    if (event.type === 'task-dispatched') this.#dispatched(id);
    else if (event.type === 'task-reopened') this.#reopened(id);
    else if (event.type === 'task-requeued') this.#requeued(id);
    else if (event.type === 'task-continued') this.#continued(id, event.question);
    else if (event.type === 'question-answered') this.#answered(id);
    else if (event.type === 'task-finished') this.#finished(id);
    else if (event.type === 'integrated') this.#integrate(id);
    else if ((event.type === 'claims-audited' || event.type === 'claims-grown') && event.grown.length > 0) {
      this.#grown(id, event.grown);
    }
  }

  /**
   * The waiting tasks that depend on this one, directly or indirectly: if it is rejected, they can't start any more. Changes
   * nothing. Two tasks can have common dependents.
   */
  waitingDependentsOf(id: string): readonly string[] {
    return [...transitiveDependents(this.#dependents, [id])].filter((other) => this.#waiting.has(other));
  }

  /** The other tasks in flight whose claims conflict with these. */
  holdersOf(claims: readonly Claim[], except: string): readonly string[] {
    return this.#holders.of(this.#table.nodesAgainst(claims), except);
  }

  /** The task starts: it holds its claims from now on. */
  #dispatched(id: string): void {
    const entry = this.#entry(id);
    if (!entry.waiting) {
      this.#reopened(id);
      return;
    }
    this.#holders.hold(id, entry.nodes);
    this.#stopWaiting(entry);
    this.#endReservationOf(id);
    this.#passedOver.started(entry.rank);
    if (this.#blockers.isReserved) return;
    const first = this.#passedOver.first();
    if (first !== undefined) this.#blockers.reserveFor(this.#byRank[first] as Entry);
  }

  /** The task gets these claims in addition, and keeps them if it starts over. */
  #grown(id: string, grown: readonly Claim[]): void {
    const entry = this.#entry(id);
    const before = entry.nodes;
    entry.claims = [...entry.claims, ...grown];
    entry.nodes = this.#counted(this.#table.nodesFor(entry.claims));
    this.#holders.hold(id, entry.nodes);
    // A claim that subtracts releases paths to others.
    this.#releaseAll(before);
  }

  /** The task is integrated: its claims are free and its dependents may start. */
  #integrate(id: string): void {
    this.#finished(id);
    if (this.#integrated.has(id)) return;
    this.#integrated.add(id);
    for (const dependent of new Set(this.#dependents.get(id))) {
      const entry = this.#entry(dependent);
      entry.open -= 1;
      if (entry.open === 0 && entry.waiting) this.#ready(entry);
    }
  }

  /** The task starts over: it waits again, in its old place. O(number of tasks). */
  #requeued(id: string): void {
    const entry = this.#entry(id);
    this.#stopWaiting(entry);
    this.#releaseClaimsOf(id);
    entry.waiting = true;
    this.#waiting = new Set(this.#byRank.filter(({ waiting }) => waiting).map((other) => other.id));
    if (entry.open === 0) this.#ready(entry);
  }

  #continued(id: string, question: string | undefined): void {
    this.#requeued(id);
    if (question === undefined) this.#goingOn.add(id);
    else {
      this.#asking.set(id, question);
      this.#leave(this.#entry(id));
    }
  }

  #answered(id: string): void {
    if (!this.#asking.delete(id)) return;
    const entry = this.#entry(id);
    this.#goingOn.add(id);
    if (entry.open === 0) this.#ready(entry);
  }

  #finished(id: string): void {
    this.#stopWaiting(this.#entry(id));
    this.#releaseClaimsOf(id);
  }

  /** The task holds its claims again, also if it had ended. */
  #reopened(id: string): void {
    const entry = this.#entry(id);
    this.#stopWaiting(entry);
    this.#endReservationOf(id);
    this.#holders.hold(id, entry.nodes);
    if (!this.#integrated.delete(id)) return;
    for (const dependent of new Set(this.#dependents.get(id))) {
      const other = this.#entry(dependent);
      other.open += 1;
      if (other.open > 1 || !other.waiting) continue;
      this.#leave(other);
      this.#endReservationOf(dependent);
    }
  }

  /** Blocks a task that may not start, or only as a last resort; false if the task may start. */
  #block(entry: Entry): boolean {
    const { rank } = entry;
    const by = this.#blockers.of(entry);
    if (by?.kind === 'claim') this.#queue.block(by.claim, rank);
    else if (by?.kind === 'reserved') this.#queue.blockOn(RESERVATION, rank);
    else if (by?.kind === 'risk') this.#queue.blockOn(by.taskId, rank);
    else {
      const claim = this.#blockers.toAvoid(entry);
      if (claim) this.#queue.block(claim, rank, { lastResort: true });
      return claim !== undefined;
    }
    return true;
  }

  /** The best task, or a last resort of higher priority; a last resort also if there is no best task. */
  #orLastResort(best: Entry | undefined): Entry | undefined {
    for (let rank = this.#queue.lastResort; rank !== undefined; rank = this.#queue.lastResort) {
      const entry = this.#byRank[rank] as Entry;
      if (best && best.priority >= entry.priority) return best;
      if (!this.#blockers.of(entry)) return entry;
      this.#block(entry);
    }
    return best;
  }

  #endReservationOf(id: string): void {
    if (this.#blockers.endReservationOf(id)) this.#queue.releaseBlockedOn(RESERVATION);
  }

  #ready({ id, rank }: Entry): void {
    if (this.#asking.has(id)) return;
    this.#passedOver.begin(rank);
    this.#queue.add(rank);
  }

  #stopWaiting(entry: Entry): void {
    entry.waiting = false;
    this.#waiting.delete(entry.id);
    this.#goingOn.delete(entry.id);
    this.#asking.delete(entry.id);
    this.#leave(entry);
  }

  /** Takes the task out of the queue until it is ready again. */
  #leave(entry: Entry): void {
    this.#passedOver.end(entry.rank);
    const queued = this.#queue.remove(entry.rank);
    if (queued?.released) this.#release(queued.released);
  }

  /** Releases all claims of the task. */
  #releaseClaimsOf(id: string): void {
    this.#endReservationOf(id);
    this.#releaseAll(this.#holders.release(id));
    this.#queue.releaseBlockedOn(id);
  }

  /** Releases what waits for these claims. Visits their conflicts, or the claims that tasks wait for, whichever are fewer. */
  #releaseAll(nodes: readonly ClaimNode[]): void {
    const conflicts = nodes.reduce((count, node) => count + node.conflicts.length, 0);
    if (conflicts > this.#queue.claimCount)
      for (const claim of [...this.#queue.claims()]) this.#release(claim);
    else for (const node of nodes) for (const conflict of node.conflicts) this.#release(conflict);
  }

  /** If the claim is free, the next task that waits for it is ready. */
  #release({ node, relation }: BlockedClaim): void {
    if (!this.#holders.isBlocked(node, relation)) this.#queue.release({ node, relation });
  }

  #counted(nodes: readonly ClaimNode[]): readonly ClaimNode[] {
    this.#holders.countAt(nodes);
    return nodes;
  }

  /** Whether a dependency keeps a task waiting. One on a task that is not part of the run counts as done. */
  #isOpen(id: string): boolean {
    return this.#entries.has(id) && !this.#integrated.has(id);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`unknown task ${id}`);
    return entry;
  }
}
