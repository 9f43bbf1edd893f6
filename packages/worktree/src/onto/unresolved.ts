import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId, ConflictedPath } from '@pwt/core';
import {
  compareTrees,
  conflictedPaths,
  diskPath,
  type Git,
  hashFile,
  hasMarkers,
  hasOneOf,
  isMarked,
  joinLists,
  listFiles,
  type MergeTreeOutcome,
  mergeTree,
  namedMarkers,
  objectsOf,
  readBlobs,
  readMergeHead,
  requireTree,
  type TreeFile,
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
  readonly #head: CommitId;
  readonly #merge: Conflict | undefined;

  private constructor(git: Git, head: CommitId, merge: Conflict | undefined) {
    this.#git = git;
    this.#head = head;
    this.#merge = merge;
  }

  /** `undefined` if no merge was left. */
  static async of({ git }: ProviderContext, { record }: Opened): Promise<PreparedConflict | undefined> {
    const { merging, workspace } = record;
    if (merging === undefined) return undefined;
    const { head, onto, lists = [] } = merging;
    const labels = await labelsFor(git, { branch: workspace.branch, onto });
    const merge = await joinLists(git, await mergeTree(git, { ours: head, theirs: onto, labels }), lists);
    return new PreparedConflict(git, head, merge.status === 'conflicted' ? merge : undefined);
  }

  /** Looks at the files of the worktree. */
  async progress({ git, record }: Opened): Promise<MergeProgress> {
    const isUnderWay = (await readMergeHead(git)) === record.merging?.onto;
    const unmerged = new Set(isUnderWay ? await unmergedPaths(git) : []);
    const unresolved: ConflictedPath[] = [];
    for (const one of await this.#paths()) {
      const { path } = one.conflict;
      const isLeft =
        hasMarkersOf(one, await readRegular(join(git.cwd, path))) ||
        (unmerged.has(path) && !isMarked(one) && (await isUntouched(git, path, one.entry)));
      if (isLeft) unresolved.push(one.conflict);
    }
    return { isUnderWay, unresolved };
  }

  /** The paths whose markers are in a commit, and those of other files in which they are now. */
  async markedIn(commit: CommitId): Promise<ConflictedPath[]> {
    const paths = await this.#paths();
    if (this.#merge === undefined || paths.length === 0) return [];
    const ids = new Map((await listFiles(this.#git, commit)).map(({ path, id }) => [path, id]));
    const there = paths.filter(({ conflict }) => ids.has(conflict.path));
    const contents = await readBlobs(
      this.#git,
      there.map(({ conflict }) => ids.get(conflict.path) ?? ''),
    );
    const marked = there.filter((one, at) => hasMarkersOf(one, contents[at] ?? null));
    return [
      ...marked.map(({ conflict }) => conflict),
      ...(await this.#movedMarkers(commit, this.#merge.tree, paths)),
    ];
  }

  /** Files that are not what the merge has put there, and that have its markers: a file in conflict was moved or copied. */
  async #movedMarkers(
    commit: CommitId,
    merged: string,
    paths: readonly PathInConflict[],
  ): Promise<ConflictedPath[]> {
    const markers = new Set(paths.flatMap((one) => [...namedMarkers(one)]));
    if (markers.size === 0) return [];
    const contested = new Set(paths.map(({ conflict }) => conflict.path));
    const changes = await compareTrees(objectsOf(this.#git), merged, await requireTree(this.#git, commit));
    const files = changes.filter(({ path, newMode }) => newMode.startsWith('100') && !contested.has(path));
    const contents = await readBlobs(
      this.#git,
      files.map(({ newId }) => newId),
    );
    const marked = files.filter((_, at) => hasOneOf(contents[at] ?? Buffer.alloc(0), markers));
    return marked.map(({ path }) => ({ path }));
  }

  /**
   * True if a commit has all that this merge has brought in without a conflict, to the byte, and if that is anything: it
   * was made from the files of the merge, whatever its parents say.
   */
  async isIn(commit: CommitId): Promise<boolean> {
    if (this.#merge === undefined) return false;
    const contested = new Set(this.#merge.paths);
    const objects = objectsOf(this.#git);
    const [before, after] = await Promise.all([this.#head, commit].map((one) => requireTree(this.#git, one)));
    const brought = await compareTrees(objects, before ?? '', this.#merge.tree);
    const clean = brought.filter(({ path }) => !contested.has(path));
    const missing = new Set(
      (await compareTrees(objects, this.#merge.tree, after ?? '')).map(({ path }) => path),
    );
    return clean.length > 0 && clean.every(({ path }) => !missing.has(path));
  }

  async #paths(): Promise<PathInConflict[]> {
    if (this.#merge === undefined) return [];
    const { tree, stages } = this.#merge;
    const merged = new Map((await listFiles(this.#git, tree)).map((file) => [file.path, file]));
    return Promise.all(
      conflictedPaths(this.#merge).map(async (conflict) => {
        const own = stages.filter(({ path }) => path === conflict.path);
        const entry = merged.get(conflict.path);
        const contents = await readBlobs(this.#git, [entry?.id ?? NOTHING, ...own.map(({ id }) => id)]);
        const [content, ...versions] = contents.map((one) => one ?? Buffer.alloc(0));
        return { conflict, entry, merged: content ?? Buffer.alloc(0), versions };
      }),
    );
  }
}

/** One path, with what was merged and what came out. */
interface PathInConflict {
  readonly conflict: ConflictedPath;
  /** What the merge has put there. */
  readonly entry: TreeFile | undefined;
  readonly merged: Buffer;
  readonly versions: readonly Buffer[];
}

/** An id that no object has. */
const NOTHING = '0'.repeat(40);

function hasMarkersOf({ merged, versions }: PathInConflict, now: Buffer | null): boolean {
  return now !== null && hasMarkers({ now, merged, versions });
}

/** True if what the merge has put at a path is still there, or still missing; of a folder, that it is one. */
async function isUntouched(git: Git, path: string, entry: TreeFile | undefined): Promise<boolean> {
  const file = join(git.cwd, path);
  const kind = await kindOf(file);
  if (kind === 'nothing') return entry === undefined;
  if (kind === 'folder') return entry === undefined || entry.mode === '160000';
  if (entry === undefined) return false;
  if (kind === 'file') return entry.mode.startsWith('100') && (await hashFile(git, path)) === entry.id;
  const target = await readlink(diskPath(file), 'buffer');
  const [recorded] = await readBlobs(git, [entry.id]);
  return entry.mode === '120000' && recorded?.equals(target) === true;
}

async function unmergedPaths(git: Git): Promise<string[]> {
  const records = await git.zRecords(['ls-files', '--unmerged', '-z']);
  return [...new Set(records.map((record) => record.slice(record.indexOf('\t') + 1)))];
}

/** Only a regular file can have markers. */
async function readRegular(file: string): Promise<Buffer | null> {
  return (await kindOf(file)) === 'file' ? readFile(diskPath(file)) : null;
}

async function kindOf(file: string): Promise<'nothing' | 'folder' | 'link' | 'file'> {
  try {
    const stats = await lstat(diskPath(file));
    return stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw error;
  }
}
