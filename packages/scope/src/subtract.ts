import { LIMITS, type Work } from './limits.js';
import { alphabet, PathNfa } from './nfa.js';
import type { Pattern } from './pattern.js';
import { refusal } from './refuse.js';

interface State {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly not: readonly number[];
  /** Of the current name: nothing, `.`, `..`, or more than that. */
  readonly read: number;
  readonly from: State | undefined;
  readonly char: number;
}

const PROPER = 3;

/**
 * A shortest path that some pattern of `a` and some pattern of `b` match and none of `exclude` does.
 *
 * A breadth-first search over sets of automaton states, one character at a time: exact, because a set follows
 * every way to read a path at once. Such sets can be exponentially many, hence the bound.
 *
 * @throws PwtError `PWT_PATTERN_TOO_COMPLEX` after `LIMITS.subtractionSteps`.
 */
export function shortestDifference(
  a: readonly Pattern[],
  b: readonly Pattern[],
  exclude: readonly Pattern[],
  work: Work,
): string | undefined {
  const [left, right, not] = [new PathNfa(a), new PathNfa(b), new PathNfa(exclude)];
  const chars = alphabet([left, right, not]);
  const bound = work.steps + LIMITS.subtractionSteps;
  const first: State = {
    a: left.start(),
    b: right.start(),
    not: not.start(),
    read: 0,
    from: undefined,
    char: 0,
  };
  const seen = new Set([keyOf(first)]);
  const queue: State[] = [first];
  for (const state of queue) {
    for (const char of chars) {
      work.steps += 1 + state.a.length + state.b.length + state.not.length;
      if (work.steps > bound) throw tooComplex(exclude);
      const read = nextReading(state.read, char);
      if (read === undefined) continue;
      const next: State = {
        a: left.step(state.a, char),
        b: right.step(state.b, char),
        not: not.step(state.not, char),
        read,
        from: state,
        char,
      };
      if (next.a.length === 0 || next.b.length === 0) continue;
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      const wanted = read === PROPER && left.accepts(next.a) && right.accepts(next.b);
      if (wanted && !not.accepts(next.not)) return spell(next);
      queue.push(next);
    }
  }
  return undefined;
}

function nextReading(read: number, char: number): number | undefined {
  if (char === 0x2f) return read === PROPER ? 0 : undefined;
  return char === 0x2e ? Math.min(read + 1, PROPER) : PROPER;
}

function keyOf({ a, b, not, read }: State): string {
  return `${read}|${a}|${b}|${not}`;
}

function spell(last: State): string {
  const chars: number[] = [];
  for (let state = last; state.from; state = state.from) chars.push(state.char);
  return String.fromCodePoint(...chars.reverse());
}

function tooComplex(exclude: readonly Pattern[]): Error {
  return refusal(
    'PWT_PATTERN_TOO_COMPLEX',
    exclude.map((pattern) => `!${pattern.text}`).join(' '),
    'needs too long a search to subtract exactly.',
    'Use fewer or simpler patterns with a leading `!`.',
  );
}
