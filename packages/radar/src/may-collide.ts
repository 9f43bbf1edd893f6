import { posix } from 'node:path';
import { isSameEntry } from './checkout/entries.js';
import type { Changes } from './own-changes.js';

/**
 * The pairs of sides that a merge could find in conflict, by their numbers. Sides without a path in common are left out, with
 * what git makes of folders taken into account: a folder that one side moves and in which the other adds a file, and a name
 * that is a file for one and a folder for the other. Pure.
 */
export function pairsThatMayCollide(sides: readonly Changes[]): readonly (readonly [number, number])[] {
  const touched: Index = new Map();
  const [asFile, asFolder]: [Index, Index] = [new Map(), new Map()];
  const [movedFrom, addedTo]: [Index, Index] = [new Map(), new Map()];
  for (const [side, changes] of sides.entries()) {
    const all = [...changes];
    const moves = all.some(([, { isNew }]) => isNew) && all.some(([, { entry }]) => entry === null);
    for (const [path, { entry, isNew }] of all) {
      add(touched, path, side);
      if (entry !== null) add(asFile, path, side);
      for (const folder of foldersOf(path)) {
        if (entry !== null) add(asFolder, folder, side);
        if (entry === null && moves) add(movedFrom, folder, side);
        if (isNew) add(addedTo, folder, side);
      }
    }
  }
  const pairs = new Map<string, readonly [number, number]>();
  const put = (a: number, b: number) => {
    if (a === b) return;
    const pair = a < b ? ([a, b] as const) : ([b, a] as const);
    pairs.set(pair.join(' '), pair);
  };
  for (const [path, both] of touched) {
    const list = [...both];
    for (const [at, a] of list.entries()) {
      for (const b of list.slice(at + 1)) {
        // The same on both sides is merged without a look inside.
        if (!isSameEntry(sides[a]?.get(path)?.entry, sides[b]?.get(path)?.entry)) put(a, b);
      }
    }
  }
  meet(movedFrom, addedTo, put);
  meet(asFile, asFolder, put);
  return [...pairs.values()].sort(([a, b], [c, d]) => a - c || b - d);
}

/** The sides by path or folder. */
type Index = Map<string, Set<number>>;

function meet(some: Index, others: Index, put: (a: number, b: number) => void): void {
  for (const [key, sides] of some) for (const a of sides) for (const b of others.get(key) ?? []) put(a, b);
}

function add(index: Index, key: string, side: number): void {
  const known = index.get(key) ?? new Set();
  known.add(side);
  index.set(key, known);
}

/** The folders that a path is in, without the top. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = posix.dirname(path); at !== '.'; at = posix.dirname(at)) folders.push(at);
  return folders;
}
