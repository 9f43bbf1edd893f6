import type { Probe } from './joint-state.js';

export interface Verdict {
  /** The order in which the tasks were joined. */
  readonly sequence: readonly string[];
  /** Names of the commands that are not green. */
  readonly failing: readonly string[];
  /** What was tested. None, if the driver knew the verdict. */
  readonly probe?: Probe;
}

/** The verdicts on one joint state. States with the same tasks are the same, in whichever order they were joined. */
export interface Tested {
  readonly tasks: ReadonlySet<string>;
  readonly verdicts: Verdict[];
}

/** All verdicts since the base is what it is. */
export class Evidence {
  readonly #states = new Map<string, Tested>();
  #green: Tested[] | undefined;
  #red: Tested[] | undefined;
  #excused: ReadonlySet<string> = new Set();

  /** Commands that are red on the tip: they count for nothing. */
  get excused(): ReadonlySet<string> {
    return this.#excused;
  }

  excuse(failing: Iterable<string>): void {
    this.#excused = new Set(failing);
    this.#forget();
  }

  /** @returns the state with this verdict in it */
  add(verdict: Verdict): Tested {
    const key = keyOf(verdict.sequence);
    const state = this.#states.get(key) ?? { tasks: new Set(verdict.sequence), verdicts: [] };
    state.verdicts.push(verdict);
    this.#states.set(key, state);
    this.#forget();
    return state;
  }

  of(tasks: Iterable<string>): Tested | undefined {
    return this.#states.get(keyOf(tasks));
  }

  /** A green verdict, if there is one. A state that was red and green is green: the red was a flake. */
  greenVerdict({ verdicts }: Tested): Verdict | undefined {
    return verdicts.findLast((verdict) => this.#isGreen(verdict));
  }

  isGreen(state: Tested): boolean {
    return this.greenVerdict(state) !== undefined;
  }

  isFlaky(state: Tested): boolean {
    return this.isGreen(state) && this.reds(state) > 0;
  }

  /** How many verdicts were red. */
  reds({ verdicts }: Tested): number {
    return verdicts.filter((verdict) => !this.#isGreen(verdict)).length;
  }

  green(): readonly Tested[] {
    this.#green ??= [...this.#states.values()].filter((state) => this.isGreen(state));
    return this.#green;
  }

  red(): readonly Tested[] {
    this.#red ??= [...this.#states.values()].filter((state) => !this.isGreen(state));
    return this.#red;
  }

  /** Whether these tasks were green together, alone or with others. */
  wereGreen(tasks: Iterable<string>): boolean {
    const all = [...tasks];
    return this.green().some((state) => all.every((task) => state.tasks.has(task)));
  }

  #forget(): void {
    this.#green = undefined;
    this.#red = undefined;
  }

  #isGreen({ failing }: Verdict): boolean {
    return failing.every((name) => this.#excused.has(name));
  }
}

export function keyOf(tasks: Iterable<string>): string {
  return [...tasks].sort().join('\0');
}
