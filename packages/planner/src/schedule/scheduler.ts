import { ClaimGraph, type ClaimNode } from '@pwt/claims';
import type { Blocker, Claim, SeparationPolicy } from '@pwt/core';
import { dependentsOf, transitiveDependents } from './graph.js';
import { type Contender, Hindrances } from './hindrance.js';
import { Holdings } from './holdings.js';
import { Patience } from './patience.js';
import { chanceBeside, type RiskEstimate } from './risk.js';
import type { SchedulableTask } from './schedulable.js';
import type { ScheduleEvent } from './schedule-event.js';
import { type Hurdle, WaitingRoom } from './waiting-room.js';

export interface SchedulerOptions {
  readonly tasks: readonly SchedulableTask[];
  /** Ids, most preferred first; tasks that are left out come last. */
  readonly order: readonly string[];
  readonly separation: SeparationPolicy;
  readonly maxInstances: number;
  /** Knows the tasks' claims already, from another schedule of the same tasks. @default a new one */
  readonly graph?: ClaimGraph;
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

/** Stands for the reservation, whosever it is. */
const RESERVATION = Symbol('reservation');

interface Entry extends Contender {
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
 * Each event costs about the logarithm of the number of tasks, and the rivals of the claims concerned: tasks that
 * wait for something are not looked at before it is there.
 *
 * Invariant: no two tasks that hold claims are in conflict, except through claims that grew afterwards.
 */
export class Scheduler {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #byRank: readonly Entry[];
  readonly #dependents: ReadonlyMap<string, readonly string[]>;
  readonly #risk: RiskEstimate | undefined;
  readonly #graph: ClaimGraph;
  readonly #holdings = new Holdings();
  readonly #hindrances: Hindrances;
  readonly #room = new WaitingRoom();
  readonly #patience: Patience;
  /** How often a task is passed over before its claims are reserved. */
  readonly #mostPassedOver: number;
  readonly #integrated = new Set<string>();
  #waiting: Set<string>;

  constructor(options: SchedulerOptions) {
    const { separation, waitAboveRisk = 0.7 } = options;
    const tasks = new Map(options.tasks.map((task) => [task.id, task]));
    this.#dependents = dependentsOf(options.tasks);
    this.#risk = separation === 'balanced' ? options.risk : undefined;
    this.#hindrances = new Hindrances({
      holdings: this.#holdings,
      separation,
      risk: this.#risk,
      waitAboveRisk,
    });
    this.#mostPassedOver = Math.max(4, 2 * options.maxInstances);
    this.#graph = options.graph ?? new ClaimGraph();
    const order = [...new Set([...options.order, ...tasks.keys()])].filter((id) => tasks.has(id));
    this.#patience = new Patience(order.length);
    this.#waiting = new Set(order);
    this.#byRank = order.map((id, rank) => {
      const { priority, dependsOn, claims } = tasks.get(id) as SchedulableTask;
      const open = new Set(dependsOn.filter((other) => tasks.has(other))).size;
      return { id, rank, priority, dependsOn, claims, nodes: this.#nodesOf(claims), open, waiting: true };
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
   * first that may start, with the smallest chance to collide with those in flight; one that is likelier than
   * `waitAboveRisk` to collide with one of them waits until that is through. Without `risk`, a task whose claims
   * possibly meet those in flight starts when nothing better is there.
   */
  next(): string | undefined {
    const startable: Entry[] = [];
    let best: { readonly entry: Entry; readonly chance: number } | undefined;
    for (let turn = this.#room.take(); turn; turn = this.#room.take()) {
      const entry = this.#byRank[turn.rank] as Entry;
      if (best && entry.priority < best.entry.priority) {
        this.#room.wake(turn.rank, turn.from);
        break;
      }
      const parked = this.#park(entry);
      if (turn.from) this.#refill(turn.from);
      if (parked) continue;
      startable.push(entry);
      const chance = this.#risk ? chanceBeside(this.#risk, entry.id, this.#holdings.taskIds) : 0;
      if (!best || chance < best.chance) best = { entry, chance };
      if (chance === 0 || startable.length >= LOOK_AHEAD) break;
    }
    for (const { rank } of startable) this.#room.wake(rank);
    return this.#orReluctant(best?.entry)?.id;
  }

  /** Why a waiting task may not start now; `undefined` if it may. */
  blockerOf(id: string): Blocker | undefined {
    const entry = this.#entry(id);
    const open = entry.dependsOn.find((dependency) => this.#isOpen(dependency));
    return open === undefined ? this.#hindrances.blockerOf(entry) : { kind: 'dependency', taskId: open };
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
    if (event.type === 'task-dispatched') this.dispatched(id);
    else if (event.type === 'task-reopened') this.#reopened(id);
    else if (event.type === 'task-requeued') this.requeued(id);
    else if (event.type === 'task-finished') this.#finished(id);
    else if (event.type === 'integrated') this.integrated(id);
    else if (event.type === 'claims-audited' && event.grown.length > 0) {
      this.reclaim(id, [...this.#entry(id).claims, ...event.grown]);
    }
  }

  /** Whether the task has yet to start. */
  isWaiting(id: string): boolean {
    return this.#waiting.has(id);
  }

  /**
   * The waiting tasks that need this one, directly or through others, and so can't start any more if it is not going to
   * be integrated. Changes nothing. Where several tasks end at a time, their answers may name the same task.
   */
  waitingDependentsOf(id: string): readonly string[] {
    return [...transitiveDependents(this.#dependents, [id])].filter((other) => this.#waiting.has(other));
  }

  /** The task starts: it holds its claims from now on. */
  dispatched(id: string): void {
    const entry = this.#entry(id);
    if (!entry.waiting) {
      this.#reopened(id);
      return;
    }
    this.#holdings.hold(id, entry.nodes);
    this.#stopWaiting(entry);
    this.#endReservationOf(id);
    this.#patience.passOver(entry.rank);
    if (this.#hindrances.isReserved) return;
    const loser = this.#patience.firstPassedOver(this.#mostPassedOver);
    if (loser !== undefined) this.#hindrances.reserveFor(this.#byRank[loser] as Entry);
  }

  /** The task in flight holds these claims from now on, instead of those it held; also if it starts over. */
  reclaim(id: string, claims: readonly Claim[]): void {
    const entry = this.#entry(id);
    const before = entry.nodes;
    this.#claim(entry, claims);
    this.#holdings.hold(id, entry.nodes);
    this.#wakeAt(before);
  }

  /** Those in flight that conflict with these claims, other than the task itself. */
  holdersOf(claims: readonly Claim[], except: string): readonly string[] {
    return this.#holdings.holdersOf(this.#graph.opponentsOf(claims), except);
  }

  /** The task's work is in: its claims are free and its dependents may start. */
  integrated(id: string): void {
    this.#release(id);
    if (this.#integrated.has(id)) return;
    this.#integrated.add(id);
    for (const dependent of new Set(this.#dependents.get(id))) {
      const entry = this.#entry(dependent);
      entry.open -= 1;
      if (entry.open === 0 && entry.waiting) this.#ready(entry);
    }
  }

  /** The task will not be integrated. Returns the waiting tasks that can't start any more because of it. */
  rejected(id: string): readonly string[] {
    const skipped = this.waitingDependentsOf(id);
    for (const one of [id, ...skipped]) this.#finished(one);
    return skipped;
  }

  /**
   * The task starts over: it waits again, in its old place, and claims what it turned out to touch as well.
   * O(number of tasks).
   */
  requeued(id: string, touched: readonly Claim[] = []): void {
    const entry = this.#entry(id);
    this.#stopWaiting(entry);
    this.#release(id);
    if (touched.length > 0) this.#claim(entry, [...entry.claims, ...touched]);
    entry.waiting = true;
    this.#waiting = new Set(this.#byRank.filter(({ waiting }) => waiting).map((other) => other.id));
    if (entry.open === 0) this.#ready(entry);
  }

  #finished(id: string): void {
    this.#stopWaiting(this.#entry(id));
    this.#release(id);
  }

  /** The task holds its claims, whatever had become of it. */
  #reopened(id: string): void {
    const entry = this.#entry(id);
    this.#stopWaiting(entry);
    this.#endReservationOf(id);
    this.#holdings.hold(id, entry.nodes);
    if (!this.#integrated.delete(id)) return;
    for (const dependent of new Set(this.#dependents.get(id))) {
      const other = this.#entry(dependent);
      other.open += 1;
      if (other.open > 1 || !other.waiting) continue;
      this.#leave(other);
      this.#endReservationOf(dependent);
    }
  }

  /** Parks a task that may not start, or had rather wait; false for one that may. */
  #park(entry: Entry): boolean {
    const { rank } = entry;
    const hindrance = this.#hindrances.of(entry);
    if (hindrance?.kind === 'claim') this.#room.parkAt(hindrance.hurdle, rank);
    else if (hindrance?.kind === 'reserved') this.#room.parkBehind(RESERVATION, rank);
    else if (hindrance?.kind === 'risk') this.#room.parkBehind(hindrance.taskId, rank);
    else {
      const hurdle = this.#hindrances.reluctanceOf(entry);
      if (hurdle) this.#room.parkAt(hurdle, rank, { reluctant: true });
      return hurdle !== undefined;
    }
    return true;
  }

  /** The best there is, or one that had rather wait: if nothing better is there, or if the user prefers it. */
  #orReluctant(best: Entry | undefined): Entry | undefined {
    for (let rank = this.#room.reluctant; rank !== undefined; rank = this.#room.reluctant) {
      const entry = this.#byRank[rank] as Entry;
      if (best && best.priority >= entry.priority) return best;
      if (!this.#hindrances.of(entry)) return entry;
      this.#park(entry);
    }
    return best;
  }

  #endReservationOf(id: string): void {
    if (this.#hindrances.endReservationOf(id)) this.#room.wakeBehind(RESERVATION);
  }

  #ready({ rank }: Entry): void {
    this.#patience.begin(rank);
    this.#room.wake(rank);
  }

  #stopWaiting(entry: Entry): void {
    entry.waiting = false;
    this.#waiting.delete(entry.id);
    this.#leave(entry);
  }

  /** Is not looked at until it is ready again. */
  #leave(entry: Entry): void {
    this.#patience.end(entry.rank);
    const turn = this.#room.leave(entry.rank);
    if (turn?.from) this.#refill(turn.from);
  }

  #release(id: string): void {
    this.#endReservationOf(id);
    this.#wakeAt(this.#holdings.release(id));
    this.#room.wakeBehind(id);
  }

  /** These claims are held no more. Looks at their rivals, or at where somebody waits, whichever are fewer. */
  #wakeAt(nodes: readonly ClaimNode[]): void {
    const rivals = nodes.reduce((count, node) => count + node.rivals.length, 0);
    if (rivals > this.#room.hurdleCount) for (const hurdle of [...this.#room.hurdles()]) this.#refill(hurdle);
    else for (const node of nodes) for (const rivalry of node.rivals) this.#refill(rivalry);
  }

  /** Wakes the next one at a hurdle that is gone. */
  #refill({ node, relation }: Hurdle): void {
    if (this.#holdings.against(node, relation) === 0) this.#room.wakeFirstAt({ node, relation });
  }

  #claim(entry: Entry, claims: readonly Claim[]): void {
    entry.claims = claims;
    entry.nodes = this.#nodesOf(claims);
  }

  #nodesOf(claims: readonly Claim[]): readonly ClaimNode[] {
    const nodes = this.#graph.nodesOf(claims);
    this.#holdings.watch(nodes);
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
