import { PwtError } from '@pwt/core';
import type { Git } from './git.js';
import { mergeBaseTree } from './merge-base-tree.js';
import { isObjectId, requireObjectId } from './object-id.js';
import { readCommitObject } from './objects/commit-object.js';
import { compareTrees } from './objects/compare-trees.js';
import { findNearMergeBase } from './objects/near-merge-base.js';
import { objectsOf } from './objects/object-reader.js';

/** How one path differs between two trees. */
export interface ChangedFile {
  /** Added, deleted, modified, type changed, renamed, copied. */
  readonly status: 'A' | 'D' | 'M' | 'T' | 'R' | 'C';
  /** Relative to the top of the tree, with `/`. */
  readonly path: string;
  /** The path before, for a rename or copy. */
  readonly from: string | null;
  /** File modes in octal (`100644`, `100755`, `120000` symlink, `160000` submodule; `000000` none). */
  readonly oldMode: string;
  readonly newMode: string;
  /** Ids of the content; all zeros where there is none. */
  readonly oldId: string;
  readonly newId: string;
}

export interface DiffRequest {
  /** A commit or tree. */
  readonly from: string;
  readonly to: string;
  /** Pair a deleted and an added file of similar content. @default true */
  readonly renames?: boolean;
}

/** The paths that differ between two commits or trees. */
export async function changedFiles(git: Git, request: DiffRequest): Promise<ChangedFile[]> {
  const { renames, from, to } = request;
  const records = await git.zRecords([
    ...diffTree(['--raw', '--no-abbrev', '--no-commit-id'], renames),
    ...['--end-of-options', from, to, '--'],
  ]);
  return parseRaw(records)[0] ?? [];
}

/**
 * What a commit changes on top of a base: the difference to their merge base. Several merge bases are merged first;
 * for unrelated histories it is the difference to the base. Without a process of its own where that is easy to see, and
 * in one if there is one merge base.
 *
 * @param git one that stays: it keeps the process that reads objects
 */
export async function changedSince(
  git: Git,
  { base, commit }: { readonly base: string; readonly commit: string },
): Promise<ChangedFile[]> {
  const near = await nearChanges(git, base, commit);
  if (near !== undefined) return near;
  const raw = ['--raw', '--no-abbrev', '--no-commit-id', '--merge-base'];
  const args = [...diffTree(raw), '--end-of-options', base, commit, '--'];
  // 128: none, several, or no such commit; 129: a git before 2.30, which does not know the option.
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 128, 129] });
  if (exitCode === 0) return parseRaw(stdout.split('\0').slice(0, -1))[0] ?? [];
  return changedFiles(git, { from: (await mergeBaseTree(git, base, commit)) ?? base, to: commit });
}

/** `undefined` where git has to look for the merge base, or for renames. */
async function nearChanges(git: Git, base: string, commit: string): Promise<ChangedFile[] | undefined> {
  if (!isObjectId(base) || !isObjectId(commit)) return undefined;
  const from = await findNearMergeBase(git, base, commit);
  if (from === undefined) return undefined;
  const objects = objectsOf(git);
  const [before, after] = await Promise.all([from, commit].map((id) => readCommitObject(objects, id)));
  if (!before || !after) return undefined;
  const changes = await compareTrees(objects, before.tree, after.tree);
  // A rename takes a file that is gone and one that is new.
  const mayBeRenamed =
    changes.some(({ status }) => status === 'A') && changes.some(({ status }) => status === 'D');
  return mayBeRenamed ? undefined : changes;
}

/**
 * The paths that differ between the two commits of each pair, in the order of the pairs: one process for all.
 *
 * @param pairs commits by full id
 * @throws PWT_BAD_OBJECT_ID for another name, PWT_GIT_FAILED for another object
 */
export async function changedFilesOfEach(
  git: Git,
  pairs: ReadonlyArray<{ readonly from: string; readonly to: string }>,
  options: { readonly renames?: boolean } = {},
): Promise<ChangedFile[][]> {
  // git would read a line with anything else as a question about one commit, and answer that.
  for (const id of pairs.flatMap(({ from, to }) => [from, to])) requireObjectId(id);
  if (pairs.length === 0) return [];
  const records = await git.zRecords(
    // `--always`: a heading for each pair, also where nothing differs.
    diffTree(['--raw', '--no-abbrev', '--stdin', '--always'], options.renames),
    // A commit, and the one to be taken for its parent.
    { input: pairs.map(({ from, to }) => `${to} ${from}\n`).join('') },
  );
  // Before the first heading there is nothing.
  const [, ...perPair] = parseRaw(records);
  if (perPair.length === pairs.length) return perPair;
  throw new PwtError('PWT_GIT_FAILED', `git diff-tree compared ${perPair.length} of ${pairs.length} pairs.`, {
    data: { pairs },
  });
}

/** Reads records of `--raw -z`: a list of files before the first heading (a commit id), and one after each. */
function parseRaw(records: readonly string[]): ChangedFile[][] {
  let files: ChangedFile[] = [];
  const lists = [files];
  for (let index = 0; index < records.length; ) {
    const record = records[index++] ?? '';
    if (!record.startsWith(':')) {
      files = [];
      lists.push(files);
      continue;
    }
    const [oldMode = '', newMode = '', oldId = '', newId = '', code = ''] = record.slice(1).split(' ');
    const status = code[0] as ChangedFile['status'];
    const first = records[index++] ?? '';
    const [from, path] = status === 'R' || status === 'C' ? [first, records[index++] ?? ''] : [null, first];
    files.push({ status, path, from, oldMode, newMode, oldId, newId });
  }
  return lists;
}

function diffTree(format: readonly string[], renames = true): string[] {
  const pairing = renames ? '--find-renames' : '--no-renames';
  return ['diff-tree', '-r', '-z', '--no-ext-diff', '--no-textconv', pairing, ...format];
}
