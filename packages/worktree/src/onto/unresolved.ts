import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId, ConflictedPath } from '@pwt/core';
import {
  type ConflictStage,
  conflictedPaths,
  diskPath,
  type Git,
  hasMarkers,
  isMarked,
  listFiles,
  type MergeTreeOutcome,
  mergeTree,
  readBlobs,
  readMergeHead,
} from '@pwt/git';
import type { Opened } from '../collect.js';
import type { ProviderContext } from '../context.js';
import { labelsFor } from './labels.js';

type Conflict = Extract<MergeTreeOutcome, { status: 'conflicted' }>;

/** What has become of the merge that was left in a worktree. */
export interface MergeProgress {
  /** True until it is committed or given up. */
  readonly isUnderWay: boolean;
  /** Those that are not resolved. */
  readonly unresolved: readonly ConflictedPath[];
}

/** The merge that was left in a worktree, done again: with what it put there, one can tell what was done about it. */
export class PreparedConflict {
  readonly #git: Git;
  readonly #merge: Conflict | undefined;

  private constructor(git: Git, merge: Conflict | undefined) {
    this.#git = git;
    this.#merge = merge;
  }

  /** `undefined` if no merge was left. */
  static async of({ git }: ProviderContext, { record }: Opened): Promise<PreparedConflict | undefined> {
    const { merging, workspace } = record;
    if (merging === undefined) return undefined;
    const { head, onto } = merging;
    const labels = await labelsFor(git, { branch: workspace.branch, onto });
    const merge = await mergeTree(git, { ours: head, theirs: onto, labels });
    return new PreparedConflict(git, merge.status === 'conflicted' ? merge : undefined);
  }

  /** Looks at the files of the worktree. */
  async progress({ git, record }: Opened): Promise<MergeProgress> {
    const isUnderWay = (await readMergeHead(git)) === record.merging?.onto;
    const unmerged = new Set(isUnderWay ? await unmergedPaths(git) : []);
    const unresolved: ConflictedPath[] = [];
    for (const path of await this.#paths()) {
      const now = await readDisk(join(git.cwd, path.path));
      if (path.isLeft(now, unmerged.has(path.path))) unresolved.push(path.conflict);
    }
    return { isUnderWay, unresolved };
  }

  /** The paths whose markers are in a commit. */
  async markedIn(commit: CommitId): Promise<ConflictedPath[]> {
    const paths = await this.#paths();
    const ids = new Map((await listFiles(this.#git, commit)).map(({ path, id }) => [path, id]));
    const contents = await readBlobs(
      this.#git,
      paths.map(({ path }) => ids.get(path) ?? '0'.repeat(40)),
    );
    return paths.filter((path, at) => path.hasMarkers(contents[at] ?? null)).map(({ conflict }) => conflict);
  }

  async #paths(): Promise<PathInConflict[]> {
    if (this.#merge === undefined) return [];
    const { tree, stages } = this.#merge;
    const merged = new Map((await listFiles(this.#git, tree)).map(({ path, id }) => [path, id]));
    return Promise.all(
      conflictedPaths(this.#merge).map(async (conflict) => {
        const own = stages.filter(({ path }) => path === conflict.path);
        return PathInConflict.read(this.#git, conflict, { own, merged: merged.get(conflict.path) });
      }),
    );
  }
}

/** One path, with what the merge had and made. */
class PathInConflict {
  readonly conflict: ConflictedPath;
  readonly #merged: Buffer | null;
  readonly #versions: readonly Buffer[];

  private constructor(conflict: ConflictedPath, merged: Buffer | null, versions: readonly Buffer[]) {
    this.conflict = conflict;
    this.#merged = merged;
    this.#versions = versions;
  }

  static async read(
    git: Git,
    conflict: ConflictedPath,
    { own, merged }: { readonly own: readonly ConflictStage[]; readonly merged: string | undefined },
  ): Promise<PathInConflict> {
    const ids = [...own.map(({ id }) => id), ...(merged === undefined ? [] : [merged])];
    const contents = await readBlobs(git, ids);
    const versions = contents.slice(0, own.length).filter((content) => content !== null);
    return new PathInConflict(conflict, merged === undefined ? null : (contents.at(-1) ?? null), versions);
  }

  get path(): string {
    return this.conflict.path;
  }

  hasMarkers(now: Buffer | null): boolean {
    if (now === null) return false;
    return hasMarkers({ now, merged: this.#merged ?? Buffer.alloc(0), versions: this.#versions });
  }

  /**
   * True if nothing tells that somebody has resolved it. Where the merge has put no markers (one side has deleted the file,
   * it is binary, …), that is a change of the file, or an index that says so.
   *
   * @param now the file, `null` if there is none
   */
  isLeft(now: Buffer | null, isUnmerged: boolean): boolean {
    if (this.hasMarkers(now)) return true;
    if (!isUnmerged) return false;
    const merged = this.#merged;
    if (merged !== null && isMarked({ merged, versions: this.#versions })) return false;
    return merged === null || now === null ? merged === now : merged.equals(now);
  }
}

async function unmergedPaths(git: Git): Promise<string[]> {
  const records = await git.zRecords(['ls-files', '--unmerged', '-z']);
  return [...new Set(records.map((record) => record.slice(record.indexOf('\t') + 1)))];
}

/** A regular file; everything else has no markers. */
async function readDisk(path: string): Promise<Buffer | null> {
  try {
    return (await lstat(diskPath(path))).isFile() ? await readFile(diskPath(path)) : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
