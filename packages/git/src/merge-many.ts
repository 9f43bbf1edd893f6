import { defined, isPwtError } from '@pwt/core';
import type { Git } from './git.js';
import { makeMergeRoom } from './merge-room.js';
import {
  type ConflictNote,
  type ConflictStage,
  MERGE_PINNED,
  parseStage,
  pathsOf,
  takeNotes,
} from './merge-tree.js';
import type { Quarantine } from './quarantine.js';
import { requireGitVersion } from './version.js';
import { withoutLists } from './without-lists.js';

/** Two commits to merge, by full id. */
export interface MergePair {
  readonly ours: string;
  readonly theirs: string;
}

export interface MergeManyRequest {
  readonly pairs: readonly MergePair[];
  /** The commit whose `.gitattributes` count for all of them. */
  readonly attributesOf: string;
  /** Where commits are that the repository does not have. */
  readonly quarantine: Quarantine;
  /** Files in which lines that only one side has changed are no conflict; see {@link joinsLineByLine}. */
  readonly lists?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

/** What became of one pair. `failed`: git could not merge them at all; why is its message. */
export type MergedPair =
  | { readonly status: 'clean' }
  | {
      readonly status: 'conflicted';
      /** As in `MergeTreeOutcome`. */
      readonly paths: readonly string[];
      readonly stages: readonly ConflictStage[];
      readonly notes: readonly ConflictNote[];
    }
  | { readonly status: 'failed'; readonly message: string };

/**
 * Merges pairs of commits in memory, to see whether they conflict, in one process: `git merge-tree --stdin`. Leaves nothing: what
 * git writes goes into a folder that is deleted.
 *
 * What a merge depends on is as in `mergeTree`, but for attributes: they are those of one commit. With git 2.38, which has no
 * `--stdin`, each pair takes a process.
 *
 * @returns one for each pair, in their order
 * @throws PWT_GIT_TOO_OLD before git 2.38
 */
export async function mergeMany(git: Git, request: MergeManyRequest): Promise<readonly MergedPair[]> {
  requireGitVersion(await git.version(), '2.38', 'merging in memory');
  const { pairs, attributesOf, quarantine, lists = [] } = request;
  if (pairs.length === 0) return [];
  const { mergeTreeStdin } = await git.features();
  return quarantine.withRoom(async (folder, objects) => {
    const room = await makeMergeRoom(git, attributesOf, folder);
    const options = { ...room, env: { ...room.env, GIT_OBJECT_DIRECTORY: objects } };
    const run = mergeTreeStdin ? mergeThroughStdin : mergeOne;
    const merged: MergedPair[] = [];
    while (merged.length < pairs.length) {
      // Git ends at the first pair that it can't merge at all: it goes on with the next.
      merged.push(
        ...(await run(git, pairs.slice(merged.length), {
          ...options,
          ...defined({ abortSignal: request.abortSignal }),
        })),
      );
    }
    return withoutLists(git, merged, lists, options);
  });
}

/** What is written is deleted at once: it is neither waited for nor packed. A disk that is waited for costs fifty times the merge. */
const QUICK = ['core.fsync=none', 'core.looseCompression=0'].flatMap((setting) => ['-c', setting]);

interface In {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly abortSignal?: AbortSignal;
}

/** The pairs up to the first one that fails, and that one. */
async function mergeThroughStdin(git: Git, pairs: readonly MergePair[], options: In): Promise<MergedPair[]> {
  const input = pairs.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join('');
  const args = [...MERGE_PINNED, ...QUICK, 'merge-tree', '--write-tree', '-z', '--stdin'];
  // What it has said before it fails counts, so no exit code is an error.
  const { stdout, stderr, exitCode } = await git.run(args, { ...options, input, okExitCodes: ANY });
  const merged = parseMany(stdout.split('\0'), exitCode === 0 ? pairs.length : pairs.length - 1);
  if (merged.length < pairs.length) merged.push({ status: 'failed', message: stderr.trim() });
  return merged;
}

const ANY = Array.from({ length: 256 }, (_, code) => code);

async function mergeOne(git: Git, [pair]: readonly MergePair[], options: In): Promise<MergedPair[]> {
  if (pair === undefined) return [];
  const args = [
    ...MERGE_PINNED,
    ...QUICK,
    'merge-tree',
    '--write-tree',
    '-z',
    '--messages',
    pair.ours,
    pair.theirs,
  ];
  try {
    const { stdout, stderr, exitCode } = await git.run(args, { ...options, okExitCodes: [0, 1] });
    const merged = parseMany([exitCode === 0 ? '1' : '0', ...stdout.split('\0')], 1);
    // Git 2.39 ends with 1 also where a side is no commit.
    return merged.length > 0 ? merged : [{ status: 'failed', message: stderr.trim() }];
  } catch (error) {
    if (!isPwtError(error) || error.code !== 'PWT_GIT_FAILED') throw error;
    return [{ status: 'failed', message: error.message }];
  }
}

/** Of each pair: 1 if it is clean, the tree, then an empty record; or 0, the tree, stages, an empty record, notes, an empty record. */
function parseMany(records: readonly string[], most: number): MergedPair[] {
  const merged: MergedPair[] = [];
  for (let at = 0; merged.length < most && /^[0-9a-f]{40,}$/.test(records[at + 1] ?? ''); ) {
    const end = records.indexOf('', at + 2);
    if (records[at] === '1') {
      merged.push({ status: 'clean' });
      at = end + 1;
      continue;
    }
    const stages = records.slice(at + 2, end).map(parseStage);
    const { notes, next } = takeNotes(records, end + 1, records.length - 1);
    merged.push({ status: 'conflicted', paths: pathsOf(stages, notes), stages, notes });
    at = next + 1;
  }
  return merged;
}
