import type { JointState } from './joint-state.js';

/**
 * The line of integration: the base, and the tasks that are integrated on top of it, in their order. A joint state is a
 * *sequence* here: everything that is joined to the base, whether it is integrated by now or not. So states with different
 * tips can be compared.
 */
export class Line {
  readonly #integrated: string[] = [];
  readonly #tips: { readonly tip: string; readonly length: number }[];

  constructor(tip: string) {
    this.#tips = [{ tip, length: 0 }];
  }

  /** The tasks that are integrated, those included of which the driver has not reported yet that the tip is there. */
  get integrated(): readonly string[] {
    return this.#integrated;
  }

  /** Everything before the first task that the driver has not reported yet. */
  get reported(): readonly string[] {
    return this.#integrated.slice(0, this.#tips.at(-1)?.length);
  }

  get tip(): string {
    return this.#tips.at(-1)?.tip ?? '';
  }

  /** Whether the tip can move there without another merge. */
  leadsTo(sequence: readonly string[]): boolean {
    return sequence.length >= this.#integrated.length && this.#startsWith(sequence, this.#integrated.length);
  }

  /** @param sequence one that the line leads to */
  extendTo(sequence: readonly string[]): void {
    this.#integrated.push(...sequence.slice(this.#integrated.length));
  }

  /** The driver reports that the tip is at the commit of this sequence. */
  report(sequence: readonly string[], tip: string): void {
    this.#tips.push({ tip, length: sequence.length });
  }

  sequenceOf({ tip, members }: JointState): readonly string[] {
    const length = this.#tips.find((known) => known.tip === tip)?.length ?? 0;
    return [...this.#integrated.slice(0, length), ...members];
  }

  /** On the latest tip that the sequence starts with. */
  stateOf(sequence: readonly string[]): JointState {
    const last = this.#tips.findLast(
      ({ length }) => length <= sequence.length && this.#startsWith(sequence, length),
    );
    const { tip, length } = last ?? { tip: '', length: 0 };
    return { tip, members: sequence.slice(length) };
  }

  #startsWith(sequence: readonly string[], length: number): boolean {
    for (let at = 0; at < length; at += 1) if (sequence[at] !== this.#integrated[at]) return false;
    return true;
  }
}
