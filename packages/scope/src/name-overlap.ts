import { type CharSet, DOT, HAS_DOT, HAS_OTHER, NAME_CHARS } from './char-set.js';
import type { Token } from './lex.js';
import type { Work } from './limits.js';
import { isName, matchName, type Segment } from './segment.js';

/** A character of a common name and the token on either side that stands for it. */
export interface NameStep {
  readonly char: number;
  readonly a: number;
  readonly b: number;
}

const NEVER = 1 << 29;
/** What has been read so far: nothing, `.`, `..`, or anything that is already a name. */
const [EMPTY, PROPER, READINGS] = [0, 3, 4];

/**
 * A shortest name that both segments match, in code points, or `undefined`.
 * Exact. O(1) when one side is a lone `*`, one match when one side is literal, about the length when both are
 * `prefix*suffix`, else O(tokens × tokens).
 */
export function shortestCommonName(a: Segment, b: Segment, work: Work): string | undefined {
  if (a.literal !== undefined) return matchName(b, a.literal) ? a.literal : undefined;
  if (b.literal !== undefined) return matchName(a, b.literal) ? b.literal : undefined;
  if (a.any || a === b) return b.shortest;
  if (b.any) return a.shortest;
  if (!agree(a, b)) return undefined;
  if (a.simple && b.simple) {
    const name = shortestBetween(a, b);
    if (isName(name)) return name;
  }
  const steps = alignNames(a, b, work);
  return steps && String.fromCodePoint(...steps.map((step) => step.char));
}

/** Whether fixed beginnings and endings leave room for a common name. */
function agree(a: Segment, b: Segment): boolean {
  const startsAlike = a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
  return startsAlike && (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix));
}

/** Of two that are `prefix*suffix` and agree: the longer prefix and the longer suffix, laid over each other if possible. */
function shortestBetween(a: Segment, b: Segment): string {
  const prefix = a.prefix.length > b.prefix.length ? a.prefix : b.prefix;
  const suffix = a.suffix.length > b.suffix.length ? a.suffix : b.suffix;
  const least = Math.max(a.prefix.length + a.suffix.length, b.prefix.length + b.suffix.length);
  let shared = Math.min(prefix.length, suffix.length, prefix.length + suffix.length - least);
  while (!prefix.endsWith(suffix.slice(0, shared))) shared -= 1;
  return prefix + suffix.slice(shared);
}

/**
 * The same as {@link shortestCommonName}, with the tokens behind each character.
 *
 * The product of the two segments is a grid: every move goes right, down or both, except that two stars
 * facing each other may read a character on the spot. So distances to the end are filled in from the end.
 * A third coordinate tells what was read so far, because the empty name, `.` and `..` do not count.
 */
export function alignNames(a: Segment, b: Segment, work: Work): NameStep[] | undefined {
  const [mine, theirs] = [a.tokens, b.tokens];
  const width = theirs.length + 1;
  const layer = (mine.length + 1) * width;
  const distance = new Int32Array(READINGS * layer).fill(NEVER);
  work.steps += READINGS * layer;
  distance[PROPER * layer + layer - 1] = 0;
  const at = (read: number, p: number, q: number) => distance[read * layer + p * width + q] as number;
  for (let p = mine.length; p >= 0; p--) {
    const x = mine[p];
    for (let q = theirs.length; q >= 0; q--) {
      const y = theirs[q];
      const kinds = x === undefined || y === undefined ? 0 : commonKinds(x, y);
      const nextP = x === '*' ? p : p + 1;
      const nextQ = y === '*' ? q : q + 1;
      for (let read = PROPER; read >= EMPTY; read--) {
        const here = read * layer + p * width + q;
        let best = distance[here] as number;
        if (x === '*') best = Math.min(best, at(read, p + 1, q));
        if (y === '*') best = Math.min(best, at(read, p, q + 1));
        if (kinds & HAS_OTHER) best = Math.min(best, 1 + at(PROPER, nextP, nextQ));
        if (kinds & HAS_DOT) best = Math.min(best, 1 + at(Math.min(read + 1, PROPER), nextP, nextQ));
        distance[here] = best;
      }
    }
  }
  if ((distance[0] as number) >= NEVER) return undefined;
  const steps: NameStep[] = [];
  for (let p = 0, q = 0, read = EMPTY; p < mine.length || q < theirs.length; ) {
    const left = at(read, p, q);
    const move = moves(mine[p], theirs[q], p, q).find(
      (next) => at(nextReading(read, next.char), next.p, next.q) + (next.char === undefined ? 0 : 1) === left,
    ) as Move;
    if (move.char !== undefined) steps.push({ char: move.char, a: p, b: q });
    read = nextReading(read, move.char);
    ({ p, q } = move);
  }
  return steps;
}

interface Move {
  readonly p: number;
  readonly q: number;
  /** The character read; none when a star is left behind. */
  readonly char: number | undefined;
}

function nextReading(read: number, char: number | undefined): number {
  if (char === undefined) return read;
  return char === DOT ? Math.min(read + 1, PROPER) : PROPER;
}

/** The ways out of a cell, each with the character that shows it. */
function moves(a: Token | undefined, b: Token | undefined, p: number, q: number): Move[] {
  const found: Move[] = [];
  if (a === '*') found.push({ p: p + 1, q, char: undefined });
  if (b === '*') found.push({ p, q: q + 1, char: undefined });
  if (a === undefined || b === undefined) return found;
  const common = commonChars(a, b);
  if (common === undefined) return found;
  const next = { p: a === '*' ? p : p + 1, q: b === '*' ? q : q + 1 };
  if (typeof common === 'number') {
    found.push({ ...next, char: common });
    return found;
  }
  const plain = common.pick();
  if (plain !== undefined) found.push({ ...next, char: plain });
  if (common.has(DOT)) found.push({ ...next, char: DOT });
  return found;
}

/** As `CharSet.meets`, for any two tokens. */
function commonKinds(a: Token, b: Token): number {
  if (a === '*') return b === '*' ? HAS_OTHER | HAS_DOT : commonKinds(b, b);
  if (b === '*') return commonKinds(a, a);
  if (typeof a !== 'number' && typeof b !== 'number') return a.meets(b);
  const common = commonChars(a, b);
  if (common === undefined) return 0;
  return common === DOT ? HAS_DOT : HAS_OTHER;
}

function commonChars(a: Token, b: Token): number | CharSet | undefined {
  if (a === '*' && b === '*') return NAME_CHARS;
  if (a === '*') return b as number | CharSet;
  if (b === '*') return a as number | CharSet;
  if (typeof a === 'number') return (typeof b === 'number' ? a === b : b.has(a)) ? a : undefined;
  if (typeof b === 'number') return a.has(b) ? b : undefined;
  const common = a.intersect(b);
  return common.isEmpty ? undefined : common;
}
