import { defined } from '@pwt/core';
import { commitTree } from './commit.js';
import { gitFailure } from './failure.js';
import type { Git } from './git.js';
import { fallbackIdentity } from './identity.js';
import { nameSides } from './merge-labels.js';
import { withMergeRoom } from './merge-room.js';
import { requireGitVersion } from './version.js';

export interface MergeTreeRequest {
  /** Commits, by full id. */
  readonly ours: string;
  readonly theirs: string;
  /** A commit or tree to take as the common ancestor instead of the real merge base. */
  readonly base?: string;
  /** What the two sides are called in conflict markers, see {@link MergeLabels}. @default their ids */
  readonly labels?: MergeLabels;
  /** Merge commits that share no history, on an empty base. @default false */
  readonly allowUnrelatedHistories?: boolean;
  readonly abortSignal?: AbortSignal;
}

/**
 * Names of the two sides for people. Git takes them only as names of refs, so there is no space in one; names that can't be
 * told apart from something else are not used.
 */
export interface MergeLabels {
  readonly ours: string;
  readonly theirs: string;
}

/** One version of a path in conflict: 1 = base, 2 = ours, 3 = theirs. */
export interface ConflictStage {
  readonly path: string;
  readonly stage: 1 | 2 | 3;
  readonly mode: string;
  readonly id: string;
}

/** Why there is a conflict: git's stable name for the kind, such as `CONFLICT (contents)`, and the paths. */
export interface ConflictNote {
  readonly type: string;
  readonly paths: readonly string[];
}

export type MergeTreeOutcome =
  | { readonly status: 'clean'; readonly tree: string }
  | {
      readonly status: 'conflicted';
      /** With conflict markers in it. */
      readonly tree: string;
      /** Every path that takes part in a conflict, sorted. Never empty. */
      readonly paths: readonly string[];
      /** May be empty although the merge is not clean. */
      readonly stages: readonly ConflictStage[];
      readonly notes: readonly ConflictNote[];
    };

/** What else changes the result of a merge, and is needed for nothing but merges; see `pinned.ts`. */
export const MERGE_PINNED: readonly string[] = [
  ['core.attributesFile', '/dev/null'],
  // A driver for all files without one of their own (gitattributes(5), `merge`).
  ['merge.default', 'text'],
  // Names in attributes are compared byte by byte.
  ['core.ignoreCase', 'false'],
  // Larger files are binary for the detection of renames.
  ['core.bigFileThreshold', '512m'],
  // A merge names objects by id, and there are no refs where it runs.
  ['core.warnAmbiguousRefs', 'false'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/**
 * Merges two commits in memory. Writes objects only: no ref, no index, no working tree.
 *
 * The result follows git's exit code, never a message; an empty list of stages does not mean clean. It depends
 * on the commits and on the configured merge drivers only: attributes are those of `ours`, whatever lies in the
 * checkout and in `info/attributes`; what else would change it is pinned.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38
 * @throws PWT_GIT_FAILED, also for unrelated histories unless allowed
 */
export async function mergeTree(git: Git, request: MergeTreeRequest): Promise<MergeTreeOutcome> {
  requireGitVersion(await git.version(), '2.38', 'merging in memory');
  const args = [...MERGE_PINNED, 'merge-tree', '--write-tree', '-z', '--messages'];
  if (request.allowUnrelatedHistories === true) args.push('--allow-unrelated-histories');
  const [ours, theirs] = await sides(git, request);
  const { exitCode, stdout, stderr } = await withMergeRoom(git, request.ours, async (room) => {
    const names = await nameSides(room, { ours, theirs, labels: request.labels });
    return git.run([...args, '--end-of-options', ...names], {
      cwd: room.cwd,
      env: room.env,
      okExitCodes: [0, 1],
      ...defined({ abortSignal: request.abortSignal }),
    });
  });
  const records = stdout.split('\0');
  const tree = records[0] ?? '';
  // git 2.39 also ends with 1 when a side is not a commit; a conflict always comes with a tree.
  if (!/^[0-9a-f]{40,}$/.test(tree)) throw gitFailure({ args, cwd: git.cwd, exitCode, stderr });
  return exitCode === 0
    ? { status: 'clean', tree }
    : { status: 'conflicted', tree, ...parseConflicts(records) };
}

async function sides(git: Git, { base, ours, theirs }: MergeTreeRequest): Promise<readonly [string, string]> {
  if (base === undefined) return [ours, theirs];
  // `--merge-base` takes trees only since git 2.45, and exists since 2.40: commits made for the occasion,
  // whose history is nothing but that base, say the same to every release.
  const root = await standIn(git, base, []);
  const [left, right] = await Promise.all([standIn(git, ours, [root]), standIn(git, theirs, [root])]);
  return [left, right];
}

async function standIn(git: Git, treeish: string, parents: readonly string[]): Promise<string> {
  // Fixed, so that the same merge makes the same objects.
  const identity = { ...fallbackIdentity, date: new Date(0) };
  const tree = `${treeish}^{tree}`;
  return commitTree(git, {
    tree,
    parents,
    message: 'pwt: merge base\n',
    author: identity,
    committer: identity,
  });
}

/** Reads tree, stages, an empty record, then notes. */
function parseConflicts(records: readonly string[]) {
  const end = records.indexOf('', 1);
  const stages = records.slice(1, end).map(parseStage);
  const { notes } = takeNotes(records, end + 1, records.length - 1);
  return { paths: pathsOf(stages, notes), stages, notes };
}

/**
 * Reads notes, up to an empty record or `end`: each is the number of paths, the paths, a type, a message.
 *
 * @returns those about conflicts, and where the next record is
 */
export function takeNotes(
  records: readonly string[],
  start: number,
  end: number,
): { readonly notes: readonly ConflictNote[]; readonly next: number } {
  const notes: ConflictNote[] = [];
  let index = start;
  while (index < end && records[index] !== '') {
    const count = Number(records[index]);
    const paths = records.slice(index + 1, index + 1 + count);
    const type = records[index + 1 + count] ?? '';
    if (type.startsWith('CONFLICT')) notes.push({ type, paths });
    index += count + 3;
  }
  return { notes, next: index };
}

/** Every path that takes part in a conflict, sorted. */
export function pathsOf(stages: readonly ConflictStage[], notes: readonly ConflictNote[]): string[] {
  return [...new Set([...stages.map(({ path }) => path), ...notes.flatMap((note) => note.paths)])].sort();
}

export function parseStage(record: string): ConflictStage {
  const tab = record.indexOf('\t');
  const [mode = '', id = '', stage = '1'] = record.slice(0, tab).split(' ');
  return { path: record.slice(tab + 1), stage: Number(stage) as ConflictStage['stage'], mode, id };
}
