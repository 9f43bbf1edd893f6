/** What earlier runs tell about gates in this repository. */
export interface QueuePrior {
  /** How many finished tasks were decided, and how many of them were at fault. */
  readonly tasks?: { readonly decided: number; readonly red: number };
  /** How many verdicts were green in the end, and how many of those had been red before on the same tree. */
  readonly gates?: { readonly green: number; readonly flaky: number };
}

/** An innocent task is rejected in fewer cases than this. */
const ACCEPTED_ERROR = 1e-5;
/** Without experience: one task in 20 is red, one gate in 20 is flaky, both known as badly as from a few cases. */
const RED = { of: 10, red: 0.5 };
const FLAKY = { of: 40, red: 2 };
/** What earlier runs have seen counts at most as much as this many cases: times change. */
const MEMORY = { tasks: 40, gates: 1_000 };

/** Rates of red tasks and of flaky gates: Beta distributions, updated by what is decided. */
export class Estimate {
  #tasks: { of: number; red: number };
  #gates: { of: number; red: number };

  constructor({ tasks, gates }: QueuePrior = {}) {
    this.#tasks = plus(RED, tasks?.decided ?? 0, tasks?.red ?? 0, MEMORY.tasks);
    this.#gates = plus(FLAKY, gates?.green ?? 0, gates?.flaky ?? 0, MEMORY.gates);
  }

  /** So many tasks were decided, so many of them red: the parameters of a Beta distribution. */
  get tasks(): { readonly of: number; readonly red: number } {
    return this.#tasks;
  }

  /** How likely a state is seen red that is green. */
  get flaky(): number {
    return this.#gates.red / this.#gates.of;
  }

  /** How often a red must be seen before a task is blamed for it. At least twice: a red has to be reproduced. */
  get neededReds(): number {
    return Math.max(2, Math.ceil(Math.log(ACCEPTED_ERROR) / Math.log(this.flaky)));
  }

  decided(red: boolean): void {
    this.#tasks = { of: this.#tasks.of + 1, red: this.#tasks.red + (red ? 1 : 0) };
  }

  seenGreen(flaky: boolean): void {
    this.#gates = { of: this.#gates.of + 1, red: this.#gates.red + (flaky ? 1 : 0) };
  }
}

function plus(without: { of: number; red: number }, of: number, red: number, memory: number) {
  const scale = of > memory ? memory / of : 1;
  return { of: without.of + of * scale, red: without.red + red * scale };
}
