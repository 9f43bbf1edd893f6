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
  /** Ids, most preferred first; tasks that are left out come last. */
  readonly order: readonly string[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
  /** Knows the tasks' claims already; only nodes are added to it. @default a new one */
  readonly table?: ClaimTable;
  /** The chance that two tasks change a common file, by their ids; used by `balanced`. */
  readonly risk?: RiskEstimate;
  /**
   * `balanced` starts no task beside one with which it is likelier than this to change a common file. Of pairs, not of all in
   * flight together: many agents on unrelated work must not keep a task waiting by their number. @default 0.7
   */
  readonly waitAboveRisk?: number;
}

/** How many startable tasks are compared by risk: with more, the order that keeps the busiest files busy is lost. */
const LOOK_AHEAD = 4;

/** The key of those that are blocked by the reservation. */
const RESERVATION = Symbol('reservation');

interface Entry extends Waiter {
  readonly rank: number;
  readonly priority: number;
  readonly dependsOn: readonly string[];
  claims: readonly Claim[];
  nodes: readonly ClaimNode[];
  /** How many of the tasks that it depends on have not been integrated. */
  open: number;
  waiting: boolean;
}

/**
 * Decides which waiting task may start next. It follows a run's log: {@link apply} tells it which tasks hold their
 * claims and which have been integrated; slots, resources and time are the caller's. Deterministic: the same events
 * give the same answers, whatever is asked between them. A run is taken up again by applying its whole log.
 *
 * Each event costs about the logarithm of the number of tasks, and the conflicts of the claims concerned: tasks that
 * are blocked are not looked at before what blocks them is gone.
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
   * The task that should start now, or `undefined` if none may. With the `balanced` policy it is the one, of the
   * first that may start, with the smallest chance to change a file that one in flight changes; one for which that is likelier than
   * `waitAboveRisk` waits until the other is through. Without `risk`, a task in possible conflict with one in flight
   * starts when no better task may.
   */
  next(): string | undefined {
    const startable: Entry[] = [];
    let best: { readonly entry: Entry; readonly chance: number } | undefined;
    for (let turn = this.#queue.take(); turn; turn = this.#queue.take()) {
      const entry = this.#byRank[turn.rank] as Entry;
      if (best && entry.priority < best.entry.priority) {
        this.#queue.add(turn.rank, turn.released);
        break;
      }
      const blocked = this.#block(entry);
      if (turn.released) this.#release(turn.released);
      if (blocked) continue;
      startable.push(entry);
      const chance = this.#risk ? chanceBeside(this.#risk, entry.id, this.#holders.taskIds) : 0;
      if (!best || chance < best.chance) best = { entry, chance };
      if (chance === 0 || startable.length >= LOOK_AHEAD) break;
    }
    for (const { rank } of startable) this.#queue.add(rank);
    return this.#orLastResort(best?.entry)?.id;
  }

  /** Why a waiting task may not start now; `undefined` if it may. */
  blockerOf(id: string): Blocker | undefined {
    const entry = this.#entry(id);
    const open = entry.dependsOn.find((dependency) => this.#isOpen(dependency));
    return open === undefined ? this.#blockers.blockerOf(entry) : { kind: 'dependency', taskId: open };
  }

  /**
   * Takes over what an event says. Of the events of a run these count, and of those only what is about the scheduler's
   * own tasks:
   *
   * | Event | What follows |
   * |---|---|
   * | `task-dispatched` | The task waits no more and holds its claims. A further attempt changes nothing. |
   * | `claims-audited` | It holds what it has grown by, too, and keeps that when it waits again. |
   * | `integrated` | Its claims are free and its dependents may start. |
   * | `task-finished` | Its claims are free; it neither waits nor is integrated. |
   * | `task-requeued` | Its claims are free and it waits again, in its old place. |
   * | `task-reopened` | It holds its claims again. |
   * | `target-replaced` | Each of `taskIds` holds its claims again and counts as not integrated: waiting dependents wait for it. |
   *
   * A task can be the answer of {@link next} as soon as its `task-requeued` has been applied. A caller whose earlier
   * attempt is still unwinding then either keeps its books by attempt, or starts the task when that has ended.
   */
  apply(event: ScheduleEvent): void {
    if (event.type === 'target-replaced') {
      for (const id of event.taskIds) if (this.#entries.has(id)) this.#reopened(id);
      return;
    }
    if (!('taskId' in event) || event.taskId === undefined || !this.#entries.has(event.taskId)) return;
    const id = event.taskId;
    if (event.type === 'task-dispatched') this.#dispatched(id);
    else if (event.type === 'task-reopened') this.#reopened(id);
    else if (event.type === 'task-requeued') this.#requeued(id);
    else if (event.type === 'task-finished') this.#finished(id);
    else if (event.type === 'integrated') this.#integrate(id);
    else if (event.type === 'claims-audited' && event.grown.length > 0) {
      this.#grown(id, event.grown);
    }
  }

  /**
   * The waiting tasks that need this one, directly or through others, and so can't start any more if it is not going to
   * be integrated. Changes nothing. Where several tasks end at a time, their answers may name the same task.
   */
  waitingDependentsOf(id: string): readonly string[] {
    return [...transitiveDependents(this.#dependents, [id])].filter((other) => this.#waiting.has(other));
  }

  /** Those in flight that conflict with these claims, other than the task itself. */
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

  /** The task in flight holds these claims, too; also if it starts over. */
  #grown(id: string, grown: readonly Claim[]): void {
    const entry = this.#entry(id);
    const before = entry.nodes;
    entry.claims = [...entry.claims, ...grown];
    entry.nodes = this.#counted(this.#table.nodesFor(entry.claims));
    this.#holders.hold(id, entry.nodes);
    // A claim that subtracts releases paths to others.
    this.#releaseAll(before);
  }

  /** The task's work is in: its claims are free and its dependents may start. */
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
    this.#letGo(id);
    entry.waiting = true;
    this.#waiting = new Set(this.#byRank.filter(({ waiting }) => waiting).map((other) => other.id));
    if (entry.open === 0) this.#ready(entry);
  }

  #finished(id: string): void {
    this.#stopWaiting(this.#entry(id));
    this.#letGo(id);
  }

  /** The task holds its claims, whatever had become of it. */
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

  /** Blocks a task that may not start, or is to start as a last resort; false for one that may. */
  #block(entry: Entry): boolean {
    const { rank } = entry;
    const by = this.#blockers.of(entry);
    if (by?.kind === 'claim') this.#queue.block(by.claim, rank);
    else if (by?.kind === 'reserved') this.#queue.blockBehind(RESERVATION, rank);
    else if (by?.kind === 'risk') this.#queue.blockBehind(by.taskId, rank);
    else {
      const claim = this.#blockers.toAvoid(entry);
      if (claim) this.#queue.block(claim, rank, { lastResort: true });
      return claim !== undefined;
    }
    return true;
  }

  /** The best there is, or a last resort: if no better task may start, or if the user prefers it. */
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
    if (this.#blockers.endReservationOf(id)) this.#queue.releaseBehind(RESERVATION);
  }

  #ready({ rank }: Entry): void {
    this.#passedOver.begin(rank);
    this.#queue.add(rank);
  }

  #stopWaiting(entry: Entry): void {
    entry.waiting = false;
    this.#waiting.delete(entry.id);
    this.#leave(entry);
  }

  /** Is not looked at until it is ready again. */
  #leave(entry: Entry): void {
    this.#passedOver.end(entry.rank);
    const turn = this.#queue.leave(entry.rank);
    if (turn?.released) this.#release(turn.released);
  }

  /** The task holds nothing any more. */
  #letGo(id: string): void {
    this.#endReservationOf(id);
    this.#releaseAll(this.#holders.release(id));
    this.#queue.releaseBehind(id);
  }

  /** These claims are held no more. Looks at what they conflict with, or at what tasks wait for, whichever is less. */
  #releaseAll(nodes: readonly ClaimNode[]): void {
    const conflicts = nodes.reduce((count, node) => count + node.conflicts.length, 0);
    if (conflicts > this.#queue.claimCount)
      for (const claim of [...this.#queue.claims()]) this.#release(claim);
    else for (const node of nodes) for (const conflict of node.conflicts) this.#release(conflict);
  }

  /** The next task that waits for a claim is ready, if that is free. */
  #release({ node, relation }: BlockedClaim): void {
    if (!this.#holders.isBlocked(node, relation)) this.#queue.release({ node, relation });
  }

  #counted(nodes: readonly ClaimNode[]): readonly ClaimNode[] {
    this.#holders.countAt(nodes);
    return nodes;
  }

  /** Dependencies on tasks that are not part of the run count as met: they are not this run's business. */
  #isOpen(id: string): boolean {
    return this.#entries.has(id) && !this.#integrated.has(id);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`unknown task ${id}`);
    return entry;
  }
}
