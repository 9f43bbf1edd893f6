import { DOT, NAME_CHARS } from './char-set.js';
import type { Token } from './lex.js';

/** One name of a path, as a pattern describes it. Never empty; never two `*` in a row. */
export interface Segment {
  readonly tokens: readonly Token[];
  /** The one name it matches, when it has no wildcard. */
  readonly literal: string | undefined;
  /** True for a lone `*`: every name. */
  readonly any: boolean;
  /** Text that every match begins with. */
  readonly prefix: string;
  /** Text that every match ends with. */
  readonly suffix: string;
  /** How many of the tokens stand for exactly one character. */
  readonly fixedLength: number;
  /** A shortest name that it matches; `undefined` when it matches none, such as `[.]`. */
  readonly shortest: string | undefined;
  /** True for `prefix*suffix`: the two texts and a length decide. */
  readonly simple: boolean;
}

/** `.` and `..` are no names of files, so no pattern matches them. */
export function isName(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}

/** A literal name as a segment. It keeps the text alone: most segments are names, and their tokens are rarely read. */
class LiteralSegment implements Segment {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  get tokens(): readonly Token[] {
    return Array.from(this.literal, (char) => char.codePointAt(0) as number);
  }

  get any(): boolean {
    return false;
  }

  get prefix(): string {
    return this.literal;
  }

  get suffix(): string {
    return this.literal;
  }

  get fixedLength(): number {
    return this.tokens.length;
  }

  get shortest(): string {
    return this.literal;
  }

  get simple(): boolean {
    return false;
  }
}

/** The segment that matches this name alone. */
export function literalSegment(name: string): Segment {
  return new LiteralSegment(name);
}

/** Compiles the tokens of one segment. O(n). */
export function makeSegment(raw: readonly Token[]): Segment {
  const firstWild = raw.findIndex((token) => typeof token !== 'number');
  if (firstWild < 0) return new LiteralSegment(spell(raw));
  const tokens = raw.filter((token, at) => token !== '*' || raw[at - 1] !== '*');
  const lastWild = tokens.findLastIndex((token) => typeof token !== 'number');
  return {
    tokens,
    literal: undefined,
    any: tokens.length === 1 && tokens[0] === '*',
    prefix: spell(tokens.slice(0, firstWild)),
    suffix: spell(tokens.slice(lastWild + 1)),
    fixedLength: tokens.reduce<number>((sum, token) => sum + (token === '*' ? 0 : 1), 0),
    shortest: shortestName(tokens),
    simple: firstWild === lastWild && tokens[firstWild] === '*',
  };
}

function spell(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) text += String.fromCodePoint(token as number);
  return text;
}

/** The segment `*`. */
export const ANY_NAME: Segment = makeSegment(['*']);

/**
 * Whether a segment matches a name. O(1) comparisons for a literal and `prefix*suffix`,
 * at worst O(tokens × name).
 */
export function matchName(segment: Segment, name: string): boolean {
  if (segment.literal !== undefined) return segment.literal === name;
  if (!isName(name)) return false;
  if (segment.any) return true;
  if (!name.startsWith(segment.prefix) || !name.endsWith(segment.suffix)) return false;
  if (segment.simple) return name.length >= segment.prefix.length + segment.suffix.length;
  return matchTokens(segment.tokens, name);
}

/** Greedy matching that returns to the last `*` on a mismatch: an earlier star never needs another try. */
function matchTokens(tokens: readonly Token[], name: string): boolean {
  let at = 0;
  let token = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < name.length) {
    const expected = tokens[token];
    const char = name.codePointAt(at) as number;
    if (expected === '*') {
      starToken = token++;
      starAt = at;
    } else if (
      expected !== undefined &&
      (typeof expected === 'number' ? expected === char : expected.has(char))
    ) {
      token++;
      at += char > 0xffff ? 2 : 1;
    } else if (starToken >= 0) {
      starAt += (name.codePointAt(starAt) as number) > 0xffff ? 2 : 1;
      at = starAt;
      token = starToken + 1;
    } else {
      return false;
    }
  }
  if (tokens[token] === '*') token++;
  return token === tokens.length;
}

function shortestName(tokens: readonly Token[]): string | undefined {
  let name = '';
  for (const token of tokens) {
    if (token === '*') continue;
    const char = typeof token === 'number' ? token : (token.pick() ?? (token.has(DOT) ? DOT : undefined));
    if (char === undefined) return undefined;
    name += String.fromCodePoint(char);
  }
  if (isName(name)) return name;
  // Only dots are left: a star, where there is one, can hold something else.
  const star = tokens.indexOf('*');
  if (star < 0) return undefined;
  const filler = String.fromCodePoint(NAME_CHARS.pick() as number);
  return `${name.slice(0, star)}${filler}${name.slice(star)}`;
}
