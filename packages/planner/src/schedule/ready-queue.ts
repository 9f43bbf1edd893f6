import type { ClaimNode, ConflictRelation } from '@pwt/claims';
import TinyQueue from 'tinyqueue';

/** A claim of a waiting task, and how it conflicts with a claim that is held. */
export interface BlockedClaim {
  readonly node: ClaimNode;
  readonly relation: ConflictRelation;
}

/** A task that is to be looked at. Tasks go by their rank: 0 is the most preferred. */
export interface Turn {
  readonly rank: number;
  /** The claim that was blocked until now, where its release has brought the task here. */
  readonly released?: BlockedClaim;
}

export interface BlockOptions {
  /** It may start all the same, if no better task may. @default false */
  readonly lastResort?: boolean;
}

/**
 * The ready queue of a scheduler: which tasks are to be looked at, the most preferred first, and which are blocked and
 * cost nothing until what they are blocked by is gone. Of all tasks that wait for the release of one claim only the most
 * preferred becomes ready: as a rule it takes the claim, and the others would be looked at in vain.
 *
 * A task is in one place at a time. What is left of it in earlier places is passed over later.
 */
export class ReadyQueue {
  readonly #turns = new Map<number, Turn>();
  readonly #ready = queue();
  readonly #blocked: Readonly<Record<ConflictRelation, Map<ClaimNode, TinyQueue<Turn>>>> = {
    conflict: new Map(),
    possible: new Map(),
  };
  /** Those that may start if no better task may, though they are blocked. */
  readonly #lastResort = queue();
  readonly #behind = new Map<unknown, Turn[]>();

  /** To be looked at. O(log n), as everything here. */
  add(rank: number, released?: BlockedClaim): void {
    this.#ready.push(this.#move(released ? { rank, released } : { rank }));
  }

  /** Blocked until this claim is free. */
  block({ node, relation }: BlockedClaim, rank: number, { lastResort = false }: BlockOptions = {}): void {
    const blocked = this.#blocked[relation].get(node) ?? queue();
    this.#blocked[relation].set(node, blocked);
    const turn = this.#move({ rank });
    blocked.push(turn);
    if (lastResort) this.#lastResort.push(turn);
  }

  /** Blocked until whatever the key stands for has changed. */
  blockBehind(key: unknown, rank: number): void {
    const blocked = this.#behind.get(key) ?? [];
    this.#behind.set(key, blocked);
    blocked.push(this.#move({ rank }));
  }

  /** Takes the most preferred of the ready tasks. The caller adds it again, blocks it, or has it leave. */
  take(): Turn | undefined {
    const turn = this.#first(this.#ready);
    this.#ready.pop();
    return turn;
  }

  /** The most preferred of those that were blocked as a last resort; it stays where it is. */
  get lastResort(): number | undefined {
    return this.#first(this.#lastResort)?.rank;
  }

  /** For how many claims tasks wait, or have waited. */
  get claimCount(): number {
    return this.#blocked.conflict.size + this.#blocked.possible.size;
  }

  /** The claims for which tasks wait, or have waited. */
  *claims(): Iterable<BlockedClaim> {
    for (const relation of ['conflict', 'possible'] as const) {
      for (const node of this.#blocked[relation].keys()) yield { node, relation };
    }
  }

  /** The claim is free: the most preferred of those that wait for it is ready. */
  release(claim: BlockedClaim): void {
    const { node, relation } = claim;
    const blocked = this.#blocked[relation].get(node);
    const first = blocked && this.#first(blocked);
    if (first) this.add(first.rank, claim);
    else this.#blocked[relation].delete(node);
  }

  /** All that are blocked behind this key are ready. */
  releaseBehind(key: unknown): void {
    const blocked = this.#behind.get(key) ?? [];
    this.#behind.delete(key);
    for (const turn of blocked) if (this.#isCurrent(turn)) this.add(turn.rank);
  }

  /**
   * The task waits no more.
   *
   * @returns the turn that it had, if it was here
   */
  leave(rank: number): Turn | undefined {
    const turn = this.#turns.get(rank);
    this.#turns.delete(rank);
    return turn;
  }

  #move(turn: Turn): Turn {
    this.#turns.set(turn.rank, turn);
    return turn;
  }

  /** Drops what is in front of the first current turn. */
  #first(turns: TinyQueue<Turn>): Turn | undefined {
    for (let turn = turns.peek(); turn; turn = turns.peek()) {
      if (this.#isCurrent(turn)) return turn;
      turns.pop();
    }
    return undefined;
  }

  #isCurrent(turn: Turn): boolean {
    return this.#turns.get(turn.rank) === turn;
  }
}

function queue(): TinyQueue<Turn> {
  return new TinyQueue<Turn>([], (a, b) => a.rank - b.rank);
}
