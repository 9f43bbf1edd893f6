import { join } from 'node:path';
import { copyIndexFile } from './copy-index-file.js';
import type { Git } from './git.js';
import { readGitDir } from './git-dir.js';
import { hidingRecords, readIndexRecords, unflag } from './index-flags.js';
import { mayHaveFlags } from './may-have-flags.js';
import { readStatus, type TrackedChange } from './status.js';
import { withTemporaryFolder } from './temporary-folder.js';

export interface FindHiddenOptions {
  /** An index file instead of the worktree's own. Absolute. */
  readonly index?: string | undefined;
  /** Only these paths are looked at. */
  readonly among?: ReadonlySet<string>;
}

/**
 * The changes of tracked files that git was told to ignore (`git update-index --assume-unchanged`,
 * `--skip-worktree`), and which no `git status` shows. A file that a sparse checkout leaves out is no deletion.
 *
 * Changes nothing. Takes a git process only where the index has such flags.
 *
 * @param git runs at the top of the worktree
 */
export async function findHidden(
  git: Git,
  { index, among }: FindHiddenOptions = {},
): Promise<TrackedChange[]> {
  const gitDir = await readGitDir(git);
  const from = index ?? join(gitDir, 'index');
  if (!(await mayHaveFlags(from))) return [];
  const records = await readIndexRecords(git, index === undefined ? {} : { env: { GIT_INDEX_FILE: index } });
  // What cannot be read, git says by itself.
  const known = (records ?? []).filter(({ path }) => among?.has(path) ?? true);
  const hiding = hidingRecords(known, git.cwd);
  if (hiding.length === 0) return [];
  return withTemporaryFolder(gitDir, async (folder) => {
    const copy = join(folder, 'index');
    if (!(await copyIndexFile(from, copy))) return [];
    const env = { GIT_INDEX_FILE: copy };
    await unflag(git, hiding, { env });
    const paths = new Set(hiding.map(({ path }) => path));
    return (await readStatus(git, { untracked: 'no', renames: false, env })).flatMap((entry) =>
      entry.kind === 'changed' && entry.worktree !== '.' && paths.has(entry.path) ? [entry] : [],
    );
  });
}
