import type { FileTree } from '@pwt/scope';
import { tryParsePattern } from '@pwt/scope';
import { inPackage } from './in-package.js';

/** Where a path that a spec names leads to. */
export interface Resolution {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'glob' | 'new' | 'ambiguous';
  /** Of a new file that several folders may be meant for: what it would be in each. */
  readonly choices?: readonly string[];
}

/**
 * Completes the paths of one task: `daemon.py` becomes the one longer path of the same specs that ends in it,
 * or the one tracked file that does.
 */
export class PathResolver {
  readonly #tree: FileTree;
  readonly #longer = new Map<string, Set<string>>();

  /** @param named every path that the task's specs name, complete or not */
  constructor(tree: FileTree, named: Iterable<string>) {
    this.#tree = tree;
    for (const path of named) {
      if (!path.includes('/') || /[*?{]/.test(path)) continue;
      const name = lastName(path);
      const known = this.#longer.get(name);
      if (known) known.add(path);
      else this.#longer.set(name, new Set([path]));
    }
  }

  resolve(path: string, isGlob: boolean, isDirectory: boolean): Resolution {
    const tree = this.#tree;
    if (isGlob) return { kind: 'glob', path: this.#rootedGlob(path, isDirectory) };
    if (tree.has(path) && !isDirectory) return { kind: 'file', path };
    if (tree.hasDirectory(path)) return { kind: 'directory', path: `${path}/` };
    if (this.#isPattern(path)) return { kind: 'glob', path: isDirectory ? `${path}/` : path };
    if (isDirectory) return inPackage(path, true, tree) ?? { kind: 'new', path: `${path}/` };
    return (
      this.#inTree(path) ??
      this.#inSpecs(path) ??
      this.#withoutRoot(path) ??
      inPackage(path, false, tree) ?? { kind: 'new', path }
    );
  }

  /**
   * A glob of one name is meant wherever the files are, unless some are at the root. Brackets are part of
   * the name where the tree has such names and the class matches nothing: `app/[slug]/*.tsx`.
   */
  #rootedGlob(path: string, isDirectory: boolean): string {
    const pattern = isDirectory ? `${path}/` : path;
    const anywhere = `**/${pattern}`;
    const literal = pattern.replace(/[[\]]/g, '\\$&');
    const readings = path.includes('/') ? [pattern, literal] : [pattern, anywhere];
    return readings.find((reading) => this.#tree.widthOf(reading) > 0) ?? pattern;
  }

  /**
   * Brackets are part of a new name, as in `app/[id]/page.tsx`, unless they are a class that matches tracked
   * files, or a bracket without its counterpart, which is a slip in either reading.
   */
  #isPattern(path: string): boolean {
    if (!/[[}]/.test(path)) return false;
    const parsed = tryParsePattern(path);
    return parsed.ok ? this.#tree.widthOf(path) > 0 : parsed.error.code === 'PWT_PATTERN_UNBALANCED';
  }

  /** A longer path in the same specs; if there are several, the one that is tracked. */
  #inSpecs(path: string): Resolution | undefined {
    const longer = [...(this.#longer.get(lastName(path)) ?? [])].filter((other) =>
      other.endsWith(`/${path}`),
    );
    const known = longer.filter((other) => this.#tree.has(other));
    const candidates = known.length > 0 ? known : longer;
    const [only] = candidates;
    if (only === undefined || candidates.length > 1) return undefined;
    return { kind: known.length > 0 ? 'file' : 'new', path: only };
  }

  #inTree(path: string): Resolution | undefined {
    const endings = this.#tree.endingWith(path);
    if (endings.length === 0) return undefined;
    const fromSpecs = this.#inSpecs(path);
    if (fromSpecs) return fromSpecs;
    const [only] = endings;
    if (only !== undefined && endings.length === 1) return { kind: 'file', path: only };
    return { kind: 'ambiguous', path: `**/${path}` };
  }

  /** `repo/src/a.ts` where the repository has `src/a.ts`. */
  #withoutRoot(path: string): Resolution | undefined {
    const slash = path.indexOf('/');
    if (slash < 0 || this.#tree.hasDirectory(path.slice(0, slash))) return undefined;
    const rest = path.slice(slash + 1);
    if (rest.includes('/') && this.#tree.has(rest)) return { kind: 'file', path: rest };
    return undefined;
  }
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
