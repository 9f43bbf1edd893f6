import type { ClaimNode, Opposition } from '@pwt/claims';
import TinyQueue from 'tinyqueue';

/** What keeps a task: that somebody holds claims which oppose this one of its claims so. */
export interface Hurdle {
  readonly node: ClaimNode;
  readonly relation: Opposition;
}

/** A task that is to be looked at. Tasks go by their rank: 0 is the most preferred. */
export interface Turn {
  readonly rank: number;
  /** What it waited for, where it was woken because that is gone. */
  readonly from?: Hurdle;
}

export interface ParkOptions {
  /** It may start all the same, if nothing better is there. @default false */
  readonly reluctant?: boolean;
}

/**
 * Where tasks wait that could start but for what others hold. A task is awake, to be looked at, or parked at what is
 * in its way, and then costs nothing until that is gone. Of all that are parked at one hurdle only the most preferred
 * is woken: as a rule it takes the claim, and the others would be woken in vain.
 *
 * A task has one turn at a time. Those of its earlier places are left where they are, and passed over later.
 */
export class WaitingRoom {
  readonly #turns = new Map<number, Turn>();
  readonly #awake = queue();
  readonly #parked: Readonly<Record<Opposition, Map<ClaimNode, TinyQueue<Turn>>>> = {
    conflict: new Map(),
    possible: new Map(),
  };
  /** Those that may start if nothing better is there, though they are parked. */
  readonly #reluctant = queue();
  readonly #behind = new Map<unknown, Turn[]>();

  /** To be looked at. O(log n), as everything here. */
  wake(rank: number, from?: Hurdle): void {
    this.#awake.push(this.#move(from ? { rank, from } : { rank }));
  }

  /** Waits until the hurdle is gone. */
  parkAt({ node, relation }: Hurdle, rank: number, { reluctant = false }: ParkOptions = {}): void {
    const parked = this.#parked[relation].get(node) ?? queue();
    this.#parked[relation].set(node, parked);
    const turn = this.#move({ rank });
    parked.push(turn);
    if (reluctant) this.#reluctant.push(turn);
  }

  /** Waits until whatever this stands for has changed. */
  parkBehind(key: unknown, rank: number): void {
    const parked = this.#behind.get(key) ?? [];
    this.#behind.set(key, parked);
    parked.push(this.#move({ rank }));
  }

  /** Takes the most preferred of those awake. Whoever takes it wakes or parks it again, or has it leave. */
  take(): Turn | undefined {
    const turn = this.#first(this.#awake);
    this.#awake.pop();
    return turn;
  }

  /** The most preferred of those that were parked reluctantly; it stays where it is. */
  get reluctant(): number | undefined {
    return this.#first(this.#reluctant)?.rank;
  }

  /** At how many hurdles somebody is parked, or was. */
  get hurdleCount(): number {
    return this.#parked.conflict.size + this.#parked.possible.size;
  }

  /** The hurdles at which somebody is parked, or was. */
  *hurdles(): Iterable<Hurdle> {
    for (const relation of ['conflict', 'possible'] as const) {
      for (const node of this.#parked[relation].keys()) yield { node, relation };
    }
  }

  /** Wakes the most preferred of those parked at a hurdle. */
  wakeFirstAt(hurdle: Hurdle): void {
    const { node, relation } = hurdle;
    const parked = this.#parked[relation].get(node);
    const first = parked && this.#first(parked);
    if (first) this.wake(first.rank, hurdle);
    else this.#parked[relation].delete(node);
  }

  /** Wakes all that are parked behind this. */
  wakeBehind(key: unknown): void {
    const parked = this.#behind.get(key) ?? [];
    this.#behind.delete(key);
    for (const turn of parked) if (this.#isCurrent(turn)) this.wake(turn.rank);
  }

  /**
   * The task waits no more.
   *
   * @returns the turn that it had, if it waited here
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
