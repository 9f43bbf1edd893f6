import { createHash } from 'node:crypto';
import type { ChangedPath, CommitId } from '@pwt/core';
import { joinList } from './memory-edits.js';

/** The files of a commit: path to content. */
export type FileMap = ReadonlyMap<string, string>;

export interface MemoryCommit {
  readonly id: CommitId;
  readonly parents: readonly CommitId[];
  readonly files: FileMap;
  readonly message: string;
}

/** A repository that exists only in memory: commits, refs and three-way merges of whole files. */
export class MemoryRepository {
  readonly #commits = new Map<CommitId, MemoryCommit>();
  readonly refs: Map<string, CommitId> = new Map();

  /** Stores a commit. Every call gives a new id, like commits made at different times. */
  commit(
    files: Readonly<Record<string, string>> | FileMap,
    parents: readonly CommitId[] = [],
    message = '',
  ): CommitId {
    const map = files instanceof Map ? new Map(files) : new Map(Object.entries(files));
    const id = createHash('sha1')
      .update(`${this.#commits.size} ${parents.join(' ')} ${message}`)
      .digest('hex');
    this.#commits.set(id, { id, parents, files: map, message });
    return id;
  }

  read(id: CommitId): MemoryCommit {
    const commit = this.#commits.get(id);
    if (!commit) throw new Error(`no commit ${id}`);
    return commit;
  }

  /** The commit itself and everything it builds on. */
  history(id: CommitId): ReadonlySet<CommitId> {
    const found = new Set<CommitId>();
    const stack = [id];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      stack.push(...this.read(next).parents);
    }
    return found;
  }

  contains(ancestor: CommitId, descendant: CommitId): boolean {
    return this.history(descendant).has(ancestor);
  }

  /**
   * Merges by path; the paths that both sides changed differently are the conflicts.
   *
   * @param base what both are compared with. @default their best common ancestor
   * @param lists files that are joined line by line
   */
  merge(
    ours: CommitId,
    theirs: CommitId,
    base: CommitId | undefined = this.mergeBase(ours, theirs),
    lists: readonly string[] = [],
  ): { readonly files: FileMap; readonly conflicts: readonly string[] } {
    const [a, b] = [this.read(ours).files, this.read(theirs).files];
    const origin = base === undefined ? new Map<string, string>() : this.read(base).files;
    const files = new Map<string, string>();
    const conflicts: string[] = [];
    for (const path of new Set([...origin.keys(), ...a.keys(), ...b.keys()])) {
      const [was, left, right] = [origin.get(path), a.get(path), b.get(path)];
      const isConflict = left !== was && right !== was && left !== right;
      const joined = isConflict && lists.includes(path) ? joinList(was, left, right) : undefined;
      if (isConflict && joined === undefined) conflicts.push(path);
      const result = joined ?? (left === was ? right : left);
      if (result !== undefined) files.set(path, result);
    }
    return { files, conflicts: conflicts.sort() };
  }

  /** The best common ancestor of two commits, if they share history. */
  mergeBase(a: CommitId, b: CommitId): CommitId | undefined {
    const common = [...this.history(a)].filter((id) => this.history(b).has(id));
    return common.find((id) => common.every((other) => other === id || !this.contains(id, other)));
  }
}

/** How one set of files differs from another, by path. */
export function compareFiles(before: FileMap, after: FileMap): readonly ChangedPath[] {
  const changes: ChangedPath[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) continue;
    changes.push({ path, kind: was === undefined ? 'added' : is === undefined ? 'deleted' : 'modified' });
  }
  return changes;
}
