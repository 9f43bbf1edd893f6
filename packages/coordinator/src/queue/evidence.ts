import type { Probe } from './joint-state.js';
import { isWithin, type TaskSet } from './task-set.js';

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
  readonly tasks: TaskSet;
  readonly verdicts: Verdict[];
}

/** All verdicts since the line began. */
export class Evidence {
  readonly #states = new Map<TaskSet, Tested>();
  /** States with open tasks: the others tell nothing new. */
  #live: Tested[] = [];
  #green: Tested[] = [];
  #red: Tested[] = [];
  #integrated: TaskSet = 0n;
  #open: TaskSet = 0n;
  #excused: ReadonlySet<string> = new Set();

  /** Commands that are red on the tip: they count for nothing. */
  get excused(): ReadonlySet<string> {
    return this.#excused;
  }

  excuse(failing: Iterable<string>): void {
    this.#excused = new Set(failing);
    this.#sort();
  }

  /** Which tasks are integrated by now, and which are open. */
  settle(integrated: TaskSet, open: TaskSet): void {
    this.#integrated = integrated;
    this.#open = open;
    this.#sort();
  }

  /** @returns the state with this verdict in it */
  add(tasks: TaskSet, verdict: Verdict): Tested {
    const known = this.#states.get(tasks);
    const state = known ?? { tasks, verdicts: [] };
    state.verdicts.push(verdict);
    if (!known) {
      this.#states.set(tasks, state);
      this.#live.push(state);
    }
    this.#sort();
    return state;
  }

  /** What was tested with one of these is not believed any more: their work has changed. */
  forget(tasks: TaskSet): void {
    for (const known of [...this.#states.keys()]) if ((known & tasks) !== 0n) this.#states.delete(known);
    this.#live = this.#live.filter((state) => (state.tasks & tasks) === 0n);
    this.#sort();
  }

  of(tasks: TaskSet): Tested | undefined {
    return this.#states.get(tasks);
  }

  /** A green verdict, if there is one. A state that was red and green is green: the red was a flake. */
  greenVerdict({ verdicts }: Tested): Verdict | undefined {
    return verdicts.findLast((verdict) => this.#isGreen(verdict));
  }

  /** The last red verdict, and what of it counts. */
  redVerdict({ verdicts }: Tested): Verdict | undefined {
    const verdict = verdicts.findLast((other) => !this.#isGreen(other));
    return verdict && { ...verdict, failing: verdict.failing.filter((name) => !this.#excused.has(name)) };
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

  /** Green states with open tasks. */
  get green(): readonly Tested[] {
    return this.#green;
  }

  /**
   * Red states with open tasks. Without those that were green with more tasks: there the red was a flake, or one of those
   * tasks has put it right.
   */
  get red(): readonly Tested[] {
    return this.#red;
  }

  /** Whether these tasks were green together, alone or with others. */
  wereGreen(tasks: TaskSet): boolean {
    return isWithin(tasks, this.#integrated) || this.#green.some((state) => isWithin(tasks, state.tasks));
  }

  #isGreen({ failing }: Verdict): boolean {
    return failing.every((name) => this.#excused.has(name));
  }

  #sort(): void {
    this.#live = this.#live.filter(({ tasks }) => (tasks & this.#open) !== 0n);
    this.#green = this.#live.filter((state) => this.isGreen(state));
    // A task that has been taken out can't put anything right any more.
    const present = this.#integrated | this.#open;
    const repaired = this.#green.filter(({ tasks }) => isWithin(tasks, present));
    this.#red = this.#live.filter(
      (state) =>
        !this.isGreen(state) &&
        !isWithin(state.tasks, this.#integrated) &&
        !repaired.some(({ tasks }) => isWithin(state.tasks, tasks)),
    );
  }
}
