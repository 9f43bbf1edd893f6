import { expand } from './expand.js';
import { tryParsePattern } from './parse.js';

/** Longer lists of matching files are neither cached nor returned. */
const MOST_FILES = 200;

/**
 * The paths of a tree, sorted, for many look-ups: what `git ls-files` or `git ls-tree -r --name-only` lists. Which files
 * and folders there are, what a short name means, how wide a pattern is. Immutable. Make one for each tree and
 * share it: it caches what was looked up.
 */
export class FileTree {
  /** In the order of UTF-16 code units; no path twice. */
  readonly paths: readonly string[];
  #set: ReadonlySet<string> | undefined;
  /** One number where one file has the name, as most do. */
  #byName: Map<string, number | number[]> | undefined;
  #foldersByName: ReadonlyMap<string, readonly string[]> | undefined;
  #extensions: ReadonlySet<string> | undefined;
  readonly #matches = new Map<string, Matches>();

  /** @param paths sorted, each once, as {@link from} gives them */
  protected constructor(paths: readonly string[]) {
    this.paths = paths;
  }

  /** The tree itself, or a tree of these paths. */
  static of(tree: { readonly paths: readonly string[] }): FileTree {
    return tree instanceof FileTree ? tree : FileTree.from(tree.paths);
  }

  /** Takes paths in any order, duplicates allowed. O(n) when they are sorted already, else O(n log n). */
  static from(paths: Iterable<string>): FileTree {
    return new FileTree(inOrder(paths));
  }

  get size(): number {
    return this.paths.length;
  }

  /** Whether this path is a file of the tree. O(n) once, then O(1). */
  has(path: string): boolean {
    this.#set ??= new Set(this.paths);
    return this.#set.has(path);
  }

  /** The position of this path in {@link paths}, -1 if it is no file of the tree. O(log n). */
  positionOf(path: string): number {
    const at = this.lowerBound(path);
    return this.paths[at] === path ? at : -1;
  }

  /** Whether some file lies below this directory. O(log n). */
  hasDirectory(directory: string): boolean {
    return this.paths[this.lowerBound(`${directory}/`)]?.startsWith(`${directory}/`) ?? false;
  }

  /** The files whose last name is `name`, in order. O(n) once, then O(result). */
  named(name: string): readonly string[] {
    return this.positionsNamed(name).map((at) => this.paths[at] as string);
  }

  /** The files that end in these names, such as `api/handler.py`; whole names only. O(n) once, then O(same last name). */
  endingWith(path: string): readonly string[] {
    const last = path.slice(path.lastIndexOf('/') + 1);
    return this.named(last).filter((candidate) => candidate === path || candidate.endsWith(`/${path}`));
  }

  /**
   * The folders below others that end in these names, such as `src/acme/core` for `acme/core`; whole names only. O(n)
   * once, then O(same last name).
   */
  foldersEndingIn(folder: string): readonly string[] {
    this.#foldersByName ??= this.#indexFolders();
    const last = folder.slice(folder.lastIndexOf('/') + 1);
    return (this.#foldersByName.get(last) ?? []).filter((candidate) => candidate.endsWith(`/${folder}`));
  }

  #indexFolders(): Map<string, string[]> {
    const byName = new Map<string, string[]>();
    let before = '';
    for (const path of this.paths) {
      const own = path.slice(0, path.lastIndexOf('/') + 1);
      if (own === before) continue;
      // Sorted: what this folder shares with the one before is indexed already.
      for (let end = own.indexOf('/'); end >= 0; end = own.indexOf('/', end + 1)) {
        if (before.startsWith(own.slice(0, end + 1))) continue;
        const folder = own.slice(0, end);
        const name = folder.slice(folder.lastIndexOf('/') + 1);
        const known = byName.get(name);
        if (known) known.push(folder);
        else byName.set(name, [folder]);
      }
      before = own;
    }
    return byName;
  }

  /** Positions in {@link paths} of the files whose last name is `name`, ascending. */
  positionsNamed(name: string): readonly number[] {
    this.#byName ??= this.#indexNames();
    const known = this.#byName.get(name);
    return typeof known === 'number' ? [known] : (known ?? []);
  }

  #indexNames(): Map<string, number | number[]> {
    const byName = new Map<string, number | number[]>();
    for (const [at, path] of this.paths.entries()) {
      const last = path.slice(path.lastIndexOf('/') + 1);
      const known = byName.get(last);
      if (known === undefined) byName.set(last, at);
      else if (typeof known === 'number') byName.set(last, [known, at]);
      else known.push(at);
    }
    return byName;
  }

  /** True if some file has this extension, given in lower case and without its dot. O(n) once, then O(1). */
  hasExtension(extension: string): boolean {
    this.#extensions ??= new Set(
      this.paths.map((path) => path.slice(path.lastIndexOf('.') + 1).toLowerCase()),
    );
    return this.#extensions.has(extension);
  }

  /** How many files a pattern matches; 0 for one that can't be parsed. Cached for each pattern. */
  widthOf(pattern: string): number {
    return this.#matchesOf(pattern).width;
  }

  /** The files that a pattern matches, as `expand` finds them, if they are not very many. Cached for each pattern. */
  filesMatching(pattern: string): readonly string[] | undefined {
    return this.#matchesOf(pattern).files;
  }

  #matchesOf(pattern: string): Matches {
    const known = this.#matches.get(pattern);
    if (known) return known;
    const parsed = tryParsePattern(pattern);
    const files = parsed.ok ? expand(parsed.pattern, this) : [];
    const matches = { width: files.length, ...(files.length <= MOST_FILES ? { files } : {}) };
    this.#matches.set(pattern, matches);
    return matches;
  }

  /** The half-open range of positions in {@link paths} whose paths start with this text. O(log n). */
  rangeOf(prefix: string): readonly [start: number, end: number] {
    if (prefix === '') return [0, this.paths.length];
    // U+FFFF is the greatest code unit and no character, so it follows everything with this prefix.
    return [this.lowerBound(prefix), this.lowerBound(`${prefix}\uffff`)];
  }

  /** The first position whose path is not before `path`. */
  private lowerBound(path: string): number {
    let low = 0;
    let high = this.paths.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.paths[middle] as string) < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Matches {
  readonly width: number;
  readonly files?: readonly string[];
}

function inOrder(paths: Iterable<string>): readonly string[] {
  const list = [...paths];
  const sorted = list.every((path, at) => at === 0 || (list[at - 1] as string) < path);
  return sorted ? list : [...new Set(list)].sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
