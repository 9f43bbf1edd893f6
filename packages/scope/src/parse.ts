import type { PwtError } from '@pwt/core';
import { isPwtError } from '@pwt/core';
import { makeAlternative } from './alternative.js';
import { expandBraces } from './braces.js';
import { lex } from './lex.js';
import { LIMITS } from './limits.js';
import { plainPath } from './literal.js';
import type { Alternative, Pattern, PatternLike, PatternList } from './pattern.js';
import { refusal } from './refuse.js';

const CACHE_ENTRIES = 16_384;
const CACHED_TEXT_LENGTH = 256;
const cache = new Map<string, Pattern>();

/** What {@link tryParsePattern} returns. */
export type ParseResult =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly error: PwtError };

/**
 * Parses a pattern of the dialect in `docs/scope.md`. Recently parsed texts with
 * wildcards come from a cache of bounded size.
 * O(n + size after brace expansion).
 *
 * @throws PwtError `PWT_PATTERN_EMPTY`, `_ABSOLUTE`, `_OUTSIDE`, `_NUL`, `_EXTGLOB`, `_UNBALANCED`, `_CLASS`,
 * `_BRACE`, `_ESCAPE` or `_TOO_LARGE`, whose message holds the text and the index of the problem.
 */
export function parsePattern(text: string): Pattern {
  const plain = plainPath(text);
  if (plain) return plain;
  const known = cache.get(text);
  if (known) return known;
  const pattern = parse(text);
  if (text.length <= CACHED_TEXT_LENGTH) {
    if (cache.size >= CACHE_ENTRIES) cache.delete(cache.keys().next().value as string);
    cache.set(text, pattern);
  }
  return pattern;
}

/** As {@link parsePattern}, with the refusal as a value. */
export function tryParsePattern(text: string): ParseResult {
  try {
    return { ok: true, pattern: parsePattern(text) };
  } catch (error) {
    if (isPwtError(error)) return { ok: false, error };
    throw error;
  }
}

/**
 * Parses a list in which patterns with a leading `!` subtract from all others, whatever their order.
 *
 * @throws PwtError as {@link parsePattern}.
 */
export function parsePatterns(patterns: readonly (string | Pattern)[]): PatternList {
  const parsed = patterns.map((pattern) => (typeof pattern === 'string' ? parsePattern(pattern) : pattern));
  return {
    include: parsed.filter((pattern) => !pattern.negated),
    exclude: parsed.filter((pattern) => pattern.negated),
  };
}

/** Brings every accepted form to a list. */
export function toPatternList(pattern: PatternLike): PatternList {
  if (typeof pattern === 'string') return listOf(parsePattern(pattern));
  if ('include' in pattern) return pattern;
  return 'alternatives' in pattern ? listOf(pattern) : parsePatterns(pattern);
}

const NONE: readonly Pattern[] = [];

function listOf(pattern: Pattern | (Pattern & PatternList)): PatternList {
  if ('include' in pattern) return pattern;
  return pattern.negated ? { include: NONE, exclude: [pattern] } : { include: [pattern], exclude: NONE };
}

/**
 * The pattern that matches exactly this path: every character with a meaning is escaped.
 * For file names such as `app/[id]/page.tsx`.
 */
export function escapePath(path: string): string {
  return path.replace(/[\\*?[{},]|[+@!](?=\()|^!|^[A-Za-z](?=:\/)/g, '\\$&');
}

function parse(text: string): Pattern {
  if (text.length > LIMITS.textLength) {
    throw refusal(
      'PWT_PATTERN_TOO_LARGE',
      text,
      `is longer than ${LIMITS.textLength} characters.`,
      'Shorten it, or split it.',
    );
  }
  const negated = text.startsWith('!') && text[1] !== '(';
  const body = negated ? text.slice(1) : text;
  if (body === '') {
    throw refusal('PWT_PATTERN_EMPTY', text, 'is empty.', 'Name a path, or use `**` for everything.');
  }
  if (/^[A-Za-z]:[\\/]/.test(body) || body.startsWith('\\\\')) {
    throw refusal(
      'PWT_PATTERN_ABSOLUTE',
      text,
      'is a Windows drive or network path.',
      'Write it relative to the repository root, with `/`.',
    );
  }
  const alternatives = expandBraces(lex(body), text).map((flat) => makeAlternative(flat, text));
  checkSize(alternatives, text);
  return Object.freeze({ text: body, negated, alternatives });
}

function checkSize(alternatives: readonly Alternative[], text: string): void {
  let segments = 0;
  let wildSize = 0;
  for (const { items } of alternatives) {
    segments += items.length;
    for (const item of items) {
      if (item !== '**' && item.literal === undefined && !item.any) wildSize += item.tokens.length;
    }
  }
  if (segments > LIMITS.segments || wildSize > LIMITS.wildSize) {
    throw refusal(
      'PWT_PATTERN_TOO_LARGE',
      text,
      `has more than ${LIMITS.segments} segments or ${LIMITS.wildSize} characters beside wildcards.`,
      'Use fewer wildcards and alternatives, or split it into several patterns.',
    );
  }
}
