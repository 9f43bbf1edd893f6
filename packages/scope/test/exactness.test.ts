import { describe, expect, it } from 'vitest';
import { matches, overlap, parsePattern, tryParsePattern } from '../src/index.js';
import { shortestDifference } from '../src/subtract.js';
import { type Bits, bitsOf, firstCommon, namesOver, pathsOver, random, reference } from './universe.js';

/** `npm run prove` demands the full count; the fixed seed makes the small one a part of the same work. */
const PROVE = process.env.PWT_PROVE === '1';
const PATTERNS_PER_FAMILY = PROVE ? 400 : 50;

/** The next text that is in the dialect: `.` and `..`, say, are not. */
function next(make: Family['make'], below: (count: number) => number): string {
  for (;;) {
    const text = make(below);
    if (tryParsePattern(text).ok) return text;
  }
}

interface Family {
  readonly name: string;
  readonly seed: number;
  readonly universe: readonly string[];
  readonly make: (below: (count: number) => number) => string;
}

function pick<T>(below: (count: number) => number, values: readonly T[]): T {
  return values[below(values.length)] as T;
}

/** At most three tokens that stand for a character, so a shortest common name has at most six. */
const NAME_TOKENS = [
  'a',
  'b',
  '.',
  '?',
  '*',
  '*',
  '[ab]',
  '[!a]',
  '[^.b]',
  '[a-b.]',
  '{a,b}',
  '{.,*}',
  '\\a',
];
/** Each with at most one character beside stars, so a shortest common name has at most two. */
const NAMES = [
  'a',
  'b',
  '*',
  '**',
  '**',
  '?',
  'a*',
  '*b',
  '*a*',
  '[ab]',
  '.?',
  '[!b]',
  '{a,b}',
  '{a,**}',
  '.*',
];

const FAMILIES: readonly Family[] = [
  {
    name: 'within a name: stars, classes, braces, dots',
    seed: 1,
    universe: namesOver('ab.c', 6),
    make: (below) => {
      let [text, fixed] = ['', 0];
      for (let count = 1 + below(5); count > 0; count--) {
        const token = pick(below, NAME_TOKENS);
        if (token !== '*' && fixed++ === 3) break;
        text += token;
      }
      return text;
    },
  },
  {
    name: 'over names: ** in every position',
    seed: 2,
    universe: pathsOver(
      namesOver('ab.c', 2).filter((name) => !/c./.test(name)),
      4,
    ),
    make: (below) => {
      const names = Array.from({ length: 1 + below(4) }, () => pick(below, NAMES));
      // At most two names beside `**`, so only two patterns that both end in it need a path deeper than four.
      let fixed = 0;
      return names.filter((name) => name === '**' || fixed++ < 2).join('/');
    },
  },
];

/** A second, unrelated way to a shortest common path. */
function automata(a: string, b: string): string | undefined {
  return shortestDifference([parsePattern(a)], [parsePattern(b)], [], { steps: 0 });
}

describe('overlap against every path of a bounded universe', () => {
  for (const { name, seed, universe, make } of FAMILIES) {
    it(`misses nothing and claims nothing false: ${name}`, () => {
      const below = random(seed);
      const texts = new Set<string>();
      while (texts.size < PATTERNS_PER_FAMILY) texts.add(next(make, below));
      const patterns = [...texts].map((text) => {
        const match = reference(text);
        return { text, match, bits: bitsOf(universe, match) };
      });
      const wrong: string[] = [];
      let pairs = 0;
      let overlapping = 0;
      for (const [at, a] of patterns.entries()) {
        for (const b of patterns.slice(at)) {
          pairs++;
          const expected = firstCommon(universe, [a.bits, b.bits]);
          const found = overlap(a.text, b.text)?.witness;
          if (found !== undefined) overlapping++;
          const pair = `${a.text} | ${b.text}: expected ${expected}, found ${found}`;
          if (found === undefined ? expected !== undefined : !(a.match(found) && b.match(found))) {
            wrong.push(pair);
          } else if (found !== undefined && found.length !== (expected ?? automata(a.text, b.text))?.length) {
            wrong.push(`not shortest: ${pair}`);
          }
        }
      }
      if (PROVE) console.log(`${name}: ${pairs} pairs, ${overlapping} overlap, ${wrong.length} wrong`);
      expect(wrong).toEqual([]);
      expect(overlapping).toBeGreaterThan(pairs / 10);
      expect(pairs - overlapping).toBeGreaterThan(pairs / 20);
    });

    it(`matches as minimatch does: ${name}`, () => {
      const below = random(seed + 100);
      const wrong: string[] = [];
      for (let count = 0; count < PATTERNS_PER_FAMILY; count++) {
        const text = next(make, below);
        const pattern = parsePattern(text);
        const match = reference(text);
        for (let tries = 0; tries < 500; tries++) {
          const path = pick(below, universe);
          if (matches(pattern, path) !== match(path)) wrong.push(`${text} on ${path}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('agrees, without any bound on the paths, with a search over automata', () => {
    const below = random(3);
    const wrong: string[] = [];
    for (let count = 0; count < PATTERNS_PER_FAMILY * 20; count++) {
      const { make } = pick(below, FAMILIES);
      const [a, b] = [next(make, below), next(make, below)];
      const slow = automata(a, b);
      if (slow?.length !== overlap(a, b)?.witness.length) wrong.push(`${a} | ${b}: ${slow}`);
    }
    expect(wrong).toEqual([]);
  });

  it('subtracts exactly', () => {
    const below = random(4);
    const universe = pathsOver(['a', 'b', '.a', 'ab', 'ba'], 4);
    const make = (FAMILIES[1] as Family).make;
    const cache = new Map<string, Bits>();
    const bits = (text: string) => {
      const known = cache.get(text) ?? bitsOf(universe, reference(text));
      cache.set(text, known);
      return known;
    };
    const wrong: string[] = [];
    let decided = 0;
    for (let count = 0; count < PATTERNS_PER_FAMILY * 10; count++) {
      const [a, b, c, d] = [0, 1, 2, 3].map(() => next(make, below)) as [string, string, string, string];
      const expected = firstCommon(universe, [bits(a), bits(b)], [bits(c), bits(d)]);
      const found = overlap([a, `!${c}`], [b, `!${d}`])?.witness;
      const right =
        found !== undefined &&
        [a, b].every((text) => reference(text)(found)) &&
        ![c, d].some((text) => reference(text)(found));
      if (expected !== undefined) decided++;
      if (found === undefined ? expected !== undefined : !right)
        wrong.push(`${a} ${b} !${c} !${d}: ${found}`);
      if (expected !== undefined && found !== undefined && found.length > expected.length) {
        wrong.push(`not shortest: ${a} ${b} !${c} !${d}: ${found}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(PATTERNS_PER_FAMILY);
  });
});
