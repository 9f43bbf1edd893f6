import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { readGitDir } from '../git-dir.js';
import { retryWhileLocked } from '../lock.js';
import type { ConflictStage } from '../merge-tree.js';

/**
 * Brings the files and the index of a worktree from one tree to another. Files that do not differ are not touched; one that
 * was changed stops it. HEAD stays.
 */
export async function checkOutTree(
  git: Git,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  // Times alone must not count as changes.
  await retryWhileLocked(() => git.run(['update-index', '-q', '--refresh'], { okExitCodes: [0, 1] }), git);
  await retryWhileLocked(() => git.run(['read-tree', '-m', '-u', from, to]), git);
}

/** A merge that conflicts, as `git merge` would leave it. */
export interface ShownMerge {
  /** The commit that is merged. */
  readonly theirs: string;
  readonly stages: readonly ConflictStage[];
  readonly message: string;
}

/**
 * Makes a merge out of a worktree in which the merged files lie already: the versions of each path in conflict in the index,
 * and what `git commit` and `git merge --abort` go by. `MERGE_HEAD` comes last: where it is, all of it is there.
 */
export async function showMerge(git: Git, { theirs, stages, message }: ShownMerge): Promise<void> {
  const gitDir = await readGitDir(git);
  const paths = [...new Set(stages.map(({ path }) => path))];
  await bringOut(git, paths);
  const gone = paths.map((path) => `0 ${'0'.repeat(theirs.length)}\t${path}\0`);
  const added = stages.map(({ mode, id, stage, path }) => `${mode} ${id} ${stage}\t${path}\0`);
  const input = [...gone, ...added].join('');
  await retryWhileLocked(() => git.run(['update-index', '-z', '--index-info'], { input }), git);
  await writeFile(join(gitDir, 'MERGE_MSG'), message);
  // The user's `merge.ff` is not asked: it is a merge.
  await writeFile(join(gitDir, 'MERGE_MODE'), 'no-ff');
  await writeFile(join(gitDir, 'MERGE_HEAD'), `${theirs}\n`);
}

/** Files in conflict are there also where a sparse checkout leaves them out. */
async function bringOut(git: Git, paths: readonly string[]): Promise<void> {
  const { stdout } = await git.run(['ls-files', '-t', '-z']);
  const wanted = new Set(paths);
  const left = stdout.split('\0').filter((line) => line.startsWith('S ') && wanted.has(line.slice(2)));
  if (left.length === 0) return;
  const input = left.map((line) => `${line.slice(2)}\0`).join('');
  await retryWhileLocked(
    () => git.run(['update-index', '--no-skip-worktree', '-z', '--stdin'], { input }),
    git,
  );
  await retryWhileLocked(() => git.run(['checkout-index', '--force', '-z', '--stdin'], { input }), git);
}
