import type { Flat } from './braces.js';
import type { Token } from './lex.js';
import { LIMITS } from './limits.js';
import type { Alternative, Item } from './pattern.js';
import { refusal } from './refuse.js';
import { ANY_NAME, makeSegment, type Segment } from './segment.js';

/**
 * Turns one brace-free reading into segments: `.` and empty names drop out, `dir/` becomes `dir/**`.
 *
 * @throws PwtError `PWT_PATTERN_ABSOLUTE`, `PWT_PATTERN_OUTSIDE`, `PWT_PATTERN_EMPTY`, `PWT_PATTERN_TOO_LARGE`.
 */
export function makeAlternative(flat: Flat, text: string): Alternative {
  if (flat[0] === '/') {
    throw refusal(
      'PWT_PATTERN_ABSOLUTE',
      text,
      'is an absolute path.',
      'Write it relative to the repository root, without the leading `/`.',
    );
  }
  const names = splitNames(flat);
  const directory = names.length > 1 && names.at(-1)?.length === 0;
  const items: Item[] = [];
  for (const name of names) {
    const item: Item = isGlobstar(name) ? '**' : makeSegment(name);
    if (item === '**') {
      if (items.at(-1) !== '**') items.push('**');
      continue;
    }
    if (item.literal === '' || item.literal === '.') continue;
    if (item.literal === '..') {
      throw refusal(
        'PWT_PATTERN_OUTSIDE',
        text,
        'has a ".." segment.',
        'Name the path from the repository root; nothing outside it can be claimed.',
      );
    }
    if (name.length > LIMITS.nameLength && isTooLong(item)) {
      throw refusal(
        'PWT_PATTERN_TOO_LARGE',
        text,
        `has a name longer than ${LIMITS.nameLength} characters.`,
        'No file can be called that; shorten it.',
      );
    }
    items.push(item);
  }
  if (directory && items.at(-1) !== '**') items.push('**');
  if (items.length === 0) {
    throw refusal('PWT_PATTERN_EMPTY', text, 'names no path.', 'Use `**` for everything.');
  }
  if (items.at(-1) === '**') items.push(ANY_NAME);
  if (items.length > LIMITS.depth) {
    throw refusal(
      'PWT_PATTERN_TOO_LARGE',
      text,
      `has more than ${LIMITS.depth} segments.`,
      'Use `**` for any number of directories.',
    );
  }
  return describe(items);
}

function isTooLong(item: Segment): boolean {
  return item.fixedLength > LIMITS.nameLength || item.tokens.length > 2 * LIMITS.nameLength;
}

function splitNames(flat: Flat): Token[][] {
  const names: Token[][] = [[]];
  for (const token of flat) {
    if (token === '/') names.push([]);
    else names[names.length - 1]?.push(token);
  }
  return names;
}

function isGlobstar(name: readonly Token[]): boolean {
  return name.length === 2 && name[0] === '*' && name[1] === '*';
}

/** Computes what quick rejection needs. O(items). */
export function describe(items: readonly Item[]): Alternative {
  const prefixNames: string[] = [];
  for (const item of items) {
    if (item === '**' || item.literal === undefined) break;
    prefixNames.push(item.literal);
  }
  const literal = prefixNames.length === items.length ? prefixNames.join('/') : undefined;
  const next = items[prefixNames.length];
  const open = next === undefined || next === '**' ? '' : next.prefix;
  let suffix = '';
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] as Item;
    if (item === '**') break;
    suffix = item.suffix + suffix;
    if (item.literal === undefined) break;
    const before = items[at - 1];
    if (before !== undefined && before !== '**') suffix = `/${suffix}`;
  }
  return {
    items,
    literal,
    prefixNames,
    prefix: literal ?? `${prefixNames.map((name) => `${name}/`).join('')}${open}`,
    suffix,
    below: items.length === prefixNames.length + 2 && next === '**' && (items.at(-1) as Segment).any,
    deep: items.includes('**'),
  };
}
