import type { JointState } from './joint-state.js';

/**
 * The line of integration: the first tip, and the tasks that are integrated on top of it, in their order. A joint state is a
 * *sequence* here: everything that is joined to the first tip, whether it is integrated by now or not. So states with
 * different tips can be compared.
 */
export class Line {
  readonly #integrated: string[] = [];
  /** Of each tip: how many tasks are integrated there. */
  readonly #lengths: Map<string, number>;

  constructor(tip: string) {
    this.#lengths = new Map([[tip, 0]]);
  }

  /** The tasks that are integrated, those included of which the driver has not reported yet that the tip is there. */
  get integrated(): readonly string[] {
    return this.#integrated;
  }

  /** The tasks before this tip. Those before the first one, if the tip is not on the line. */
  before(tip: string | undefined): readonly string[] {
    return this.#integrated.slice(0, this.#lengths.get(tip ?? '') ?? 0);
  }

  /** The tasks before the tip that the driver has reported last. */
  get reported(): readonly string[] {
    return this.before([...this.#lengths.keys()].at(-1));
  }

  /** Whether the tip can move there without another merge. */
  leadsTo(sequence: readonly string[]): boolean {
    return this.#startsWith(sequence, this.#integrated.length);
  }

  /** @param sequence one that the line leads to */
  extendTo(sequence: readonly string[]): void {
    this.#integrated.push(...sequence.slice(this.#integrated.length));
  }

  /** The driver reports that the tip is at the commit of so many tasks. */
  report(tip: string, length: number): void {
    this.#lengths.set(tip, length);
  }

  /** On the latest tip that the sequence starts with. */
  stateOf(sequence: readonly string[]): JointState {
    const [tip, length] = [...this.#lengths].findLast(([, taken]) => this.#startsWith(sequence, taken)) ?? [
      '',
      0,
    ];
    return { tip, members: sequence.slice(length) };
  }

  #startsWith(sequence: readonly string[], length: number): boolean {
    if (sequence.length < length) return false;
    for (let at = 0; at < length; at += 1) if (sequence[at] !== this.#integrated[at]) return false;
    return true;
  }
}
