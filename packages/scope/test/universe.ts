import { Minimatch } from 'minimatch';

/** The reference matcher, in the settings in which the dialects agree. */
export function reference(pattern: string): (path: string) => boolean {
  const matcher = new Minimatch(pattern, { dot: true, nonegate: true, nocomment: true });
  return (path) => matcher.match(path);
}

/** Every name over these characters up to a length, but `.` and `..`; shortest first. */
export function namesOver(characters: string, maxLength: number): string[] {
  const names: string[] = [];
  let longest = [''];
  for (let length = 1; length <= maxLength; length++) {
    longest = longest.flatMap((name) => [...characters].map((character) => name + character));
    names.push(...longest);
  }
  return names.filter((name) => name !== '.' && name !== '..');
}

/** Every path of these names up to a depth, shortest first. */
export function pathsOver(names: readonly string[], maxDepth: number): string[] {
  const paths: string[] = [];
  let deepest: string[] = [];
  for (let depth = 1; depth <= maxDepth; depth++) {
    deepest = depth === 1 ? [...names] : deepest.flatMap((path) => names.map((name) => `${path}/${name}`));
    paths.push(...deepest);
  }
  return paths.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** What a pattern matches in a universe, one bit per path. */
export type Bits = Uint32Array;

export function bitsOf(universe: readonly string[], match: (path: string) => boolean): Bits {
  const bits = new Uint32Array(Math.ceil(universe.length / 32));
  for (const [at, path] of universe.entries()) {
    if (match(path)) bits[at >> 5] = ((bits[at >> 5] as number) | (1 << (at & 31))) >>> 0;
  }
  return bits;
}

/** The first path in all of `both` and none of `without`. */
export function firstCommon(
  universe: readonly string[],
  both: readonly [Bits, Bits],
  without: readonly Bits[] = [],
): string | undefined {
  const [a, b] = both;
  for (let word = 0; word < a.length; word++) {
    let common = (a[word] as number) & (b[word] as number);
    for (const bits of without) common &= ~(bits[word] as number);
    if (common !== 0) return universe[word * 32 + (31 - Math.clz32(common & -common))];
  }
  return undefined;
}

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
