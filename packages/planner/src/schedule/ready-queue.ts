import type { ClaimNode, ConflictRelation } from '@pwt/claims';
import TinyQueue from 'tinyqueue';

/** A claim of a waiting task, and how it conflicts with a claim that is held. */
export interface BlockedClaim {
  readonly node: ClaimNode;
  readonly relation: ConflictRelation;
}

/** A task in the queue. Tasks are known by their rank: 0 is the most preferred. */
export interface QueuedTask {
  readonly rank: number;
  /** The claim whose release has made the task ready; absent if something else did. */
  readonly released?: BlockedClaim;
}

export interface BlockOptions {
  /** The task may start although it is blocked, if no better task may. @default false */
  readonly lastResort?: boolean;
}

/**
 * The ready queue of a scheduler. Ready tasks are checked next, the most preferred first; blocked tasks cost nothing until
 * their blocker is gone. When a claim is released, only the most preferred of the tasks that wait for it becomes ready: as
 * a rule it takes the claim, and the others would only be blocked again.
 *
 * A task is in one list at a time. Entries that it leaves in other lists are skipped later.
 */
export class ReadyQueue {
  readonly #places = new Map<number, QueuedTask>();
  readonly #ready = queue();
  readonly #blocked: Readonly<Record<ConflictRelation, Map<ClaimNode, TinyQueue<QueuedTask>>>> = {
    conflict: new Map(),
    possible: new Map(),
  };
  /** Blocked tasks that may start if no better task may. */
  readonly #lastResort = queue();
  readonly #blockedOn = new Map<unknown, QueuedTask[]>();

  /** The task is ready. O(log n), as every method. */
  add(rank: number, released?: BlockedClaim): void {
    this.#ready.push(this.#move(released ? { rank, released } : { rank }));
  }

  /** The task is blocked until this claim is released. */
  block({ node, relation }: BlockedClaim, rank: number, { lastResort = false }: BlockOptions = {}): void {
    const blocked = this.#blocked[relation].get(node) ?? queue();
    this.#blocked[relation].set(node, blocked);
    const task = this.#move({ rank });
    blocked.push(task);
    if (lastResort) this.#lastResort.push(task);
  }

  /** The task is blocked until {@link releaseBlockedOn} is called with this key. */
  blockOn(key: unknown, rank: number): void {
    const blocked = this.#blockedOn.get(key) ?? [];
    this.#blockedOn.set(key, blocked);
    blocked.push(this.#move({ rank }));
  }

  /** Takes the most preferred of the ready tasks. The caller then adds it again, blocks it or removes it. */
  take(): QueuedTask | undefined {
    const task = this.#first(this.#ready);
    this.#ready.pop();
    return task;
  }

  /** The rank of the most preferred task that is blocked as a last resort. It stays in the queue. */
  get lastResort(): number | undefined {
    return this.#first(this.#lastResort)?.rank;
  }

  /** The number of claims for which tasks wait, or waited before. */
  get claimCount(): number {
    return this.#blocked.conflict.size + this.#blocked.possible.size;
  }

  /** The claims for which tasks wait, or waited before. */
  *claims(): Iterable<BlockedClaim> {
    for (const relation of ['conflict', 'possible'] as const) {
      for (const node of this.#blocked[relation].keys()) yield { node, relation };
    }
  }

  /** The claim is free: the most preferred task that waits for it is ready. */
  release(claim: BlockedClaim): void {
    const { node, relation } = claim;
    const blocked = this.#blocked[relation].get(node);
    const first = blocked && this.#first(blocked);
    if (first) this.add(first.rank, claim);
    else this.#blocked[relation].delete(node);
  }

  /** All tasks that are blocked on this key are ready. */
  releaseBlockedOn(key: unknown): void {
    const blocked = this.#blockedOn.get(key) ?? [];
    this.#blockedOn.delete(key);
    for (const task of blocked) if (this.#isCurrent(task)) this.add(task.rank);
  }

  /**
   * Removes the task.
   *
   * @returns its entry, if it had one
   */
  remove(rank: number): QueuedTask | undefined {
    const task = this.#places.get(rank);
    this.#places.delete(rank);
    return task;
  }

  #move(task: QueuedTask): QueuedTask {
    this.#places.set(task.rank, task);
    return task;
  }

  /** Drops outdated entries until the first current one. */
  #first(tasks: TinyQueue<QueuedTask>): QueuedTask | undefined {
    for (let task = tasks.peek(); task; task = tasks.peek()) {
      if (this.#isCurrent(task)) return task;
      tasks.pop();
    }
    return undefined;
  }

  #isCurrent(task: QueuedTask): boolean {
    return this.#places.get(task.rank) === task;
  }
}

function queue(): TinyQueue<QueuedTask> {
  return new TinyQueue<QueuedTask>([], (a, b) => a.rank - b.rank);
}
