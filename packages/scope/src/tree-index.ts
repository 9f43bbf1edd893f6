import type { FileTree as CoreFileTree } from '@pwt/core';
import { expand, FileTree, tryParsePattern } from '@pwt/scope';

/** Longer lists of matching files are neither kept nor shown. */
const MOST_FILES = 200;

const indexes = new WeakMap<CoreFileTree, TreeIndex>();

/** The index of a tree. Made once for each tree object: its paths are not to change afterwards. */
export function treeIndexOf(tree: CoreFileTree): TreeIndex {
  let index = indexes.get(tree);
  if (!index) {
    index = new TreeIndex(tree.paths);
    indexes.set(tree, index);
  }
  return index;
}

/** What the separator asks about the tracked paths: what exists, what a short name means, how wide a pattern is. */
export class TreeIndex {
  readonly files: FileTree;
  #extensions: ReadonlySet<string> | undefined;
  readonly #matches = new Map<string, Match>();

  constructor(paths: readonly string[]) {
    this.files = FileTree.of(paths);
  }

  hasFile(path: string): boolean {
    return this.files.has(path);
  }

  /** True if anything tracked lies below `path`. O(log n). */
  hasDirectory(path: string): boolean {
    return this.files.hasDirectory(path);
  }

  /** The tracked files that are `name` or end in `/name`. */
  endingIn(name: string): readonly string[] {
    return this.files.endingWith(name);
  }

  /** True if some tracked file has this extension, given in lower case and without its dot. */
  hasExtension(extension: string): boolean {
    this.#extensions ??= new Set(
      this.files.paths.map((path) => path.slice(path.lastIndexOf('.') + 1).toLowerCase()),
    );
    return this.#extensions.has(extension);
  }

  /** How many tracked files a pattern matches; 0 for one that can't be parsed. Remembered per pattern. */
  widthOf(pattern: string): number {
    return this.#match(pattern).width;
  }

  /** The tracked files that a pattern matches, as `expand` finds them, if they are not very many. Remembered per pattern. */
  filesMatching(pattern: string): readonly string[] | undefined {
    return this.#match(pattern).files;
  }

  #match(pattern: string): Match {
    const known = this.#matches.get(pattern);
    if (known) return known;
    const parsed = tryParsePattern(pattern);
    const files = parsed.ok ? expand(parsed.pattern, this.files) : [];
    const match = { width: files.length, ...(files.length <= MOST_FILES ? { files } : {}) };
    this.#matches.set(pattern, match);
    return match;
  }
}

interface Match {
  readonly width: number;
  readonly files?: readonly string[];
}
