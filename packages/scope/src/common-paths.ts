import type { FileTree } from './file-tree.js';

/** A path that the patterns of several owners match. */
export interface CommonPath<T> {
  /** Where several paths have exactly these owners: the first of them. */
  readonly path: string;
  /** How many paths that is. */
  readonly files: number;
  readonly owners: ReadonlySet<T>;
}

export interface CommonPathsOptions<T = unknown> {
  /** Count the files that patterns match here, too. */
  readonly tree?: FileTree;
  /** Leave out paths with fewer owners. @default 2 */
  readonly minOwners?: number;
  /** As how many owners one counts; with 0 it is left out. @default 1 each */
  readonly weightOf?: (owner: T) => number;
  /** False for an owner that shares no path that it names literally: such paths are skipped. @default always true */
  readonly mayShare?: (owner: T) => boolean;
}

interface Owned<T> {
  readonly owners: ReadonlySet<T>;
  /** In the order in which entries are added. */
  readonly number: number;
}

/** A path and the entries that match it. */
export interface OwnedPath<E> {
  readonly path: string;
  readonly entries: ReadonlySet<E>;
}

/** A node of a tree in which each path from the root is a set of entries; many files can share a node. */
interface Signature<E> {
  readonly entries: ReadonlySet<E>;
  readonly longer: Map<E, Signature<E>>;
  path: string | undefined;
  files: number;
}

/** Groups paths by their owners. O(paths + positions). */
export function rankCommonPaths<T, E extends Owned<T>>(
  literals: readonly OwnedPath<E>[],
  tree: FileTree | undefined,
  expanded: readonly { readonly entry: E; readonly positions: readonly number[] }[],
  { minOwners = 2, weightOf = () => 1 }: CommonPathsOptions<T>,
): CommonPath<T>[] {
  const none: Signature<E> = { entries: new Set(), longer: new Map(), path: undefined, files: 0 };
  const signatures = new Set<Signature<E>>();
  const extend = (signature: Signature<E>, entry: E): Signature<E> => {
    let longer = signature.longer.get(entry);
    if (!longer) {
      const entries = new Set(signature.entries).add(entry);
      longer = { entries, longer: new Map(), path: undefined, files: 0 };
      signature.longer.set(entry, longer);
    }
    return longer;
  };
  const count = (signature: Signature<E>, path: string) => {
    if (signature.path === undefined || path < signature.path) signature.path = path;
    signature.files++;
    signatures.add(signature);
  };
  for (const { path, entries } of literals) {
    // Every path takes its entries in the same order, so equal sets meet in one node.
    const sorted = [...entries].sort((a, b) => a.number - b.number);
    count(sorted.reduce(extend, none), path);
  }
  if (tree) {
    const ofFile = new Array<Signature<E>>(tree.size).fill(none);
    for (const { entry, positions } of expanded) {
      for (const at of positions) ofFile[at] = extend(ofFile[at] as Signature<E>, entry);
    }
    for (const [at, signature] of ofFile.entries()) {
      if (signature !== none) count(signature, tree.paths[at] as string);
    }
  }
  const common: CommonPath<T>[] = [];
  for (const { entries, path, files } of signatures) {
    const owners = new Set([...entries].flatMap((entry) => [...entry.owners]));
    if (weigh(owners, weightOf) >= minOwners) common.push({ path: path as string, files, owners });
  }
  return common.sort((a, b) => b.owners.size - a.owners.size || (a.path < b.path ? -1 : 1));
}

/** The sum of the owners' weights. */
export function weigh<T>(owners: Iterable<T>, weightOf: (owner: T) => number): number {
  let weight = 0;
  for (const owner of owners) weight += weightOf(owner);
  return weight;
}
