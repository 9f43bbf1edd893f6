import { hasCode } from '@pwt/core';
import { collision } from './collision.js';
import { type CommonPath, type CommonPathsOptions, type OwnedPath, rankCommonPaths } from './common-paths.js';
import { expandPositions } from './expand.js';
import { foldAlternative } from './fold.js';
import { IndexEntry } from './index-entry.js';
import type { Work } from './limits.js';
import { matchesList } from './match.js';
import { overlapLists, shorter, shortestPath } from './overlap.js';
import { toPatternList } from './parse.js';
import type { Alternative, PatternLike, PatternList } from './pattern.js';
import { PatternTrie } from './trie.js';

/** How a query overlaps an indexed pattern. All owners of equal patterns come in one row. */
export interface PatternOverlap<T> {
  /** The indexed pattern, as `add` got it. */
  readonly pattern: PatternLike;
  /** Its owners; a live view, not a copy. */
  readonly owners: ReadonlySet<T>;
  /** The path on the query's side. */
  readonly witness: string;
  /** The path on the indexed side; another one than {@link witness} only for directory conflicts and collisions. */
  readonly against: string;
}

/**
 * Many patterns with their owners, changed in place. Equal patterns are one entry: a file with a thousand owners costs
 * as much to search as a file with one.
 *
 * Every method that takes a pattern throws as `parsePattern` when it is given text.
 */
export class ScopeIndex<T> {
  readonly #entries = new Map<string, IndexEntry<T>>();
  readonly #trie = new PatternTrie<IndexEntry<T>>();
  #added = 0;
  /** The same entries, folded; built on the first use. */
  #foldedTrie: PatternTrie<IndexEntry<T>> | undefined;
  /** Only the entries that folding changes. A query that folding does not change can collide with no others. */
  #changedTrie: PatternTrie<IndexEntry<T>> | undefined;

  /** Number of different patterns. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds an owner to the pattern; no change if it is one already. O(pattern). */
  add(pattern: PatternLike, owner: T): void {
    const list = toPatternList(pattern);
    const key = keyOf(list);
    const known = this.#entries.get(key);
    if (known) {
      known.add(owner);
      return;
    }
    const entry = new IndexEntry(key, pattern, list, this.#added, owner);
    this.#added += 1;
    this.#entries.set(key, entry);
    this.#trie.add(entry, readings(list));
    this.#foldedTrie?.add(entry, foldedReadings(list));
    if (this.#changedTrie && !isFolded(list)) this.#changedTrie.add(entry, foldedReadings(list));
  }

  /** Removes an owner from the pattern; `false` if it was none. O(pattern). */
  remove(pattern: PatternLike, owner: T): boolean {
    const entry = this.#entries.get(keyOf(toPatternList(pattern)));
    const left = entry?.remove(owner);
    if (!entry || left === undefined) return false;
    if (left === 0) {
      const { key, list } = entry;
      this.#entries.delete(key);
      this.#trie.delete(entry, readings(list));
      this.#foldedTrie?.delete(entry, foldedReadings(list));
      if (this.#changedTrie && !isFolded(list)) this.#changedTrie.delete(entry, foldedReadings(list));
    }
    return true;
  }

  /** The owners of exactly this pattern, not of others that overlap it. O(pattern). */
  ownersOf(pattern: PatternLike): ReadonlySet<T> | undefined {
    return this.#entries.get(keyOf(toPatternList(pattern)))?.owners;
  }

  /** The owners of all patterns that match this path. O(depth + globs that begin like it + result). */
  ownersAt(path: string): ReadonlySet<T> {
    const owners = new Set<T>();
    for (const entry of this.#matching(path)) for (const owner of entry.owners) owners.add(owner);
    return owners;
  }

  /**
   * The patterns that overlap this one, each with a shortest common path. Exact. Only where a list with `!` exceeds the
   * bound of `overlap`, the patterns count as overlapping, with the common path that they have without `!`.
   * O(branches that the query can match + readings there).
   */
  overlapping(pattern: PatternLike): PatternOverlap<T>[] {
    return this.#overlapping(toPatternList(pattern), { steps: 0 });
  }

  /**
   * The patterns that name a file where this one has a directory, or the other way round, both in literal names:
   * `foo` with `foo/bar` or `foo/**`. Wildcards do not count here, since `*` would conflict with every path;
   * `directoryConflict` compares two patterns exactly.
   */
  directoryConflicts(pattern: PatternLike): PatternOverlap<T>[] {
    const list = toPatternList(pattern);
    const rows = new Map<IndexEntry<T>, PatternOverlap<T>>();
    for (const mine of readings(list)) {
      this.#trie.conflicting(mine, ({ entry, alternative: theirs }) => {
        const witness = shortestPath(mine);
        const against = shortestPath(theirs);
        if (witness === undefined || against === undefined || rows.has(entry)) return;
        if (!matchesList(list, witness) || !matchesList(entry.list, against)) return;
        rows.set(entry, { pattern: entry.pattern, owners: entry.owners, witness, against });
      });
    }
    return [...rows.values()];
  }

  /**
   * The patterns that overlap this one only if names are compared without case and in NFC (see `collision`). A file
   * against a directory counts only in literal names, as in {@link directoryConflicts}. The first call builds further
   * indexes, which are kept up to date from then on.
   */
  collisions(pattern: PatternLike): PatternOverlap<T>[] {
    const list = toPatternList(pattern);
    const trie = isFolded(list) ? this.#changed() : this.#folded();
    if (trie.size === 0) return [];
    const candidates = new Set<IndexEntry<T>>();
    for (const alternative of foldedReadings(list)) {
      trie.overlapping(alternative, { steps: 0 }, (entry) => candidates.add(entry));
      trie.conflicting(alternative, ({ entry }) => candidates.add(entry));
    }
    return [...candidates].flatMap(({ pattern: theirs, list: theirList, owners }) => {
      const pair = collisionOf(list, theirList);
      return pair ? [{ pattern: theirs, owners, witness: pair.a, against: pair.b }] : [];
    });
  }

  /**
   * The paths that patterns of several owners match, those with most owners first. Each is one row with all its owners,
   * never pairs. Without a tree, only paths that are patterns themselves count; with a tree, its files as well, and files
   * with the same owners are one row. O(literal patterns + files matched by each different pattern).
   */
  commonPaths(options: CommonPathsOptions<T> = {}): CommonPath<T>[] {
    const { tree, weightOf = () => 1 } = options;
    const entries = [...this.#entries.values()].filter((entry) => entry.weigh(weightOf) > 0);
    const expanded = tree
      ? entries.map((entry) => ({ entry, positions: expandPositions(entry.list, tree) }))
      : [];
    return rankCommonPaths(this.#sharedLiterals(options), tree, expanded, options);
  }

  /** The literal patterns that are no files of the tree and can have enough owners. */
  #sharedLiterals({
    tree,
    minOwners = 2,
    weightOf = () => 1,
    mayShare,
  }: CommonPathsOptions<T>): readonly OwnedPath<IndexEntry<T>>[] {
    const paths: OwnedPath<IndexEntry<T>>[] = [];
    this.#trie.eachLiteral((path, own, others) => {
      if (tree?.has(path) || (mayShare && !own.some(({ entry }) => entry.some(mayShare)))) return;
      let weight = 0;
      for (const set of [own, ...others]) for (const { entry } of set) weight += entry.weigh(weightOf);
      if (weight < minOwners) return;
      const entries = new Set([...this.#matching(path)].filter((entry) => entry.weigh(weightOf) > 0));
      // A list that names a path and also subtracts it does not match it.
      if (own.some(({ entry }) => entries.has(entry))) paths.push({ path, entries });
    });
    return paths;
  }

  #matching(path: string): Set<IndexEntry<T>> {
    const found = new Set<IndexEntry<T>>();
    this.#trie.matching(path, (entry) => {
      if (entry.list.exclude.length === 0 || matchesList(entry.list, path)) found.add(entry);
    });
    return found;
  }

  #overlapping(list: PatternList, work: Work): PatternOverlap<T>[] {
    const witnesses = new Map<IndexEntry<T>, string>();
    for (const alternative of readings(list)) {
      this.#trie.overlapping(alternative, work, (entry, witness) => {
        witnesses.set(entry, shorter(witnesses.get(entry), witness) as string);
      });
    }
    const rows: PatternOverlap<T>[] = [];
    for (const [entry, found] of witnesses) {
      const subtracts = list.exclude.length + entry.list.exclude.length > 0;
      const witness = subtracts ? subtracted(list, entry.list, found, work) : found;
      if (witness === undefined) continue;
      rows.push({ pattern: entry.pattern, owners: entry.owners, witness, against: witness });
    }
    return rows;
  }

  #folded(): PatternTrie<IndexEntry<T>> {
    this.#foldedTrie ??= foldedTrie(this.#entries.values());
    return this.#foldedTrie;
  }

  #changed(): PatternTrie<IndexEntry<T>> {
    this.#changedTrie ??= foldedTrie([...this.#entries.values()].filter(({ list }) => !isFolded(list)));
    return this.#changedTrie;
  }
}

function foldedTrie<T>(entries: Iterable<IndexEntry<T>>): PatternTrie<IndexEntry<T>> {
  const trie = new PatternTrie<IndexEntry<T>>();
  for (const entry of entries) trie.add(entry, foldedReadings(entry.list));
  return trie;
}

function readings(list: PatternList): readonly Alternative[] {
  const [only, another] = list.include;
  if (only && !another) return only.alternatives;
  return list.include.flatMap((pattern) => pattern.alternatives);
}

function foldedReadings(list: PatternList): readonly Alternative[] {
  return readings(list).map(foldAlternative);
}

/** Whether folding changes nothing. Two such lists never collide: they overlap, or they do not. */
function isFolded(list: PatternList): boolean {
  return readings(list).every((alternative) => foldAlternative(alternative) === alternative);
}

/** One key for equal lists. NUL occurs in no pattern. */
function keyOf({ include, exclude }: PatternList): string {
  const [only] = include;
  if (exclude.length === 0 && include.length === 1 && only) return only.text;
  const texts = [...include.map(({ text }) => text), ...exclude.map(({ text }) => `!${text}`)];
  return `\0${[...new Set(texts)].sort().join('\0')}`;
}

/** A subtraction beyond the bound is ignored: the patterns then count as overlapping. */
function subtracted(a: PatternList, b: PatternList, otherwise: string, work: Work): string | undefined {
  try {
    return overlapLists(a, b, work)?.witness;
  } catch (error) {
    if (hasCode(error, 'PWT_PATTERN_TOO_COMPLEX')) return otherwise;
    throw error;
  }
}

/** A pair beyond the bound counts as an overlap, so it is no collision. */
function collisionOf(a: PatternList, b: PatternList): ReturnType<typeof collision> {
  try {
    return collision(a, b);
  } catch (error) {
    if (hasCode(error, 'PWT_PATTERN_TOO_COMPLEX')) return null;
    throw error;
  }
}
