const MAX_CODE_POINT = 0x10ffff;
const FRIENDLY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-+=@~,;:%#$&!^()\'" ';

/** The code point of `.`: the one character that a file name may not consist of. */
export const DOT = 0x2e;

/** Bits of {@link CharSet.meets}. */
export const HAS_OTHER = 1;
export const HAS_DOT = 2;

/** First and last code point, both included. */
export type CharRange = readonly [first: number, last: number];

/** An immutable set of code points, held as sorted, disjoint, non-adjacent ranges. */
export class CharSet {
  readonly ranges: readonly CharRange[];
  readonly #ascii: Uint8Array;
  readonly #unbounded: boolean;

  private constructor(ranges: readonly CharRange[]) {
    this.ranges = ranges;
    this.#ascii = new Uint8Array(128);
    this.#unbounded = ranges.at(-1)?.[1] === MAX_CODE_POINT;
    for (const [first, last] of ranges) {
      for (let c = first; c <= last && c < 128; c++) this.#ascii[c] = 1;
    }
  }

  /** The union of these ranges, in any order, overlapping or not. O(n log n). */
  static of(ranges: readonly CharRange[]): CharSet {
    const merged: [number, number][] = [];
    for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
      const open = merged.at(-1);
      if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
      else merged.push([first, last]);
    }
    return new CharSet(merged);
  }

  /** Whether the set holds nothing. */
  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** O(1) for ASCII, O(log n) above. */
  has(codePoint: number): boolean {
    if (codePoint < 128) return this.#ascii[codePoint] === 1;
    if (codePoint === MAX_CODE_POINT) return this.#unbounded;
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.ranges[middle] as CharRange;
      if (codePoint < first) high = middle - 1;
      else if (codePoint > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** O(n + m). */
  intersect(other: CharSet): CharSet {
    if (other === this) return this;
    const common: CharRange[] = [];
    for (let i = 0, j = 0; i < this.ranges.length && j < other.ranges.length; ) {
      const [a, b] = this.ranges[i] as CharRange;
      const [c, d] = other.ranges[j] as CharRange;
      if (Math.max(a, c) <= Math.min(b, d)) common.push([Math.max(a, c), Math.min(b, d)]);
      if (b < d) i++;
      else j++;
    }
    return new CharSet(common);
  }

  /**
   * What an intersection holds, without building it: {@link HAS_OTHER} for any character but `.`,
   * {@link HAS_DOT} for `.`, their sum, or 0. O(n + m).
   */
  meets(other: CharSet): number {
    let kinds = this.has(DOT) && other.has(DOT) ? HAS_DOT : 0;
    // Negated classes, and `?`, all reach to the end.
    if (this.has(MAX_CODE_POINT) && other.has(MAX_CODE_POINT)) return kinds | HAS_OTHER;
    for (let i = 0, j = 0; i < this.ranges.length && j < other.ranges.length; ) {
      const [a, b] = this.ranges[i] as CharRange;
      const [c, d] = other.ranges[j] as CharRange;
      const first = Math.max(a, c);
      const last = Math.min(b, d);
      if (first < last || (first === last && first !== DOT)) {
        kinds |= HAS_OTHER;
        break;
      }
      if (b < d) i++;
      else j++;
    }
    return kinds;
  }

  /** Every code point that is not in this set. */
  complement(): CharSet {
    const rest: CharRange[] = [];
    let next = 0;
    for (const [first, last] of this.ranges) {
      if (first > next) rest.push([next, first - 1]);
      next = last + 1;
    }
    if (next <= MAX_CODE_POINT) rest.push([next, MAX_CODE_POINT]);
    return new CharSet(rest);
  }

  /** A member that reads well in a message, other than `.`; `undefined` when there is none. */
  pick(): number | undefined {
    for (const char of FRIENDLY) {
      const codePoint = char.codePointAt(0) as number;
      if (this.has(codePoint)) return codePoint;
    }
    return this.ranges.find(([first]) => first !== DOT)?.[0];
  }
}

/** Every character that a file name can hold: no `/`, no NUL, no half of a surrogate pair. */
export const NAME_CHARS: CharSet = CharSet.of([
  [0, 0],
  [0x2f, 0x2f],
  [0xd800, 0xdfff],
]).complement();
