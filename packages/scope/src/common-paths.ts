import type { FileTree } from './file-tree.js';

/** A path that the patterns of several owners match. */
export interface CommonPath<T> {
  /** The path, or the first of several with exactly these owners. */
  readonly path: string;
  /** How many paths have exactly these owners. */
  readonly files: number;
  readonly owners: ReadonlySet<T>;
}

export interface CommonPathsOptions<T = unknown> {
  /** Count the files that patterns match here, too. */
  readonly tree?: FileTree;
  /** Leave out paths with fewer owners. @default 2 */
  readonly minOwners?: number;
  /** How many an owner stands for; one that stands for none is left out. @default 1 each */
  readonly weightOf?: (owner: T) => number;
  /** False for an owner that is known to share none of its paths: those it names are not looked at. @default all may */
  readonly mayShare?: (owner: T) => boolean;
}

interface Owned<T> {
  readonly owners: ReadonlySet<T>;
  /** Entries are numbered as they come. */
  readonly number: number;
}

/** A path and the entries that match it. */
export interface OwnedPath<E> {
  readonly path: string;
  readonly entries: ReadonlySet<E>;
}

/** The same set of entries is one node of a tree, however many files have it. */
interface Signature<E> {
  readonly entries: ReadonlySet<E>;
  readonly longer: Map<E, Signature<E>>;
  path: string | undefined;
  files: number;
}

/** Groups paths by who claims them. O(paths + positions). */
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

/** How many the owners stand for in all. */
export function weigh<T>(owners: Iterable<T>, weightOf: (owner: T) => number): number {
  let weight = 0;
  for (const owner of owners) weight += weightOf(owner);
  return weight;
}
