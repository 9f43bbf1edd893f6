import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitAt, type Place } from './place.js';
import { keepFiles } from './raw-files.js';
import type { IndexLine } from './scratch-index.js';

/** What git keeps in a worktree's git directory while a merge, rebase, pick, revert or bisection goes on. */
const OPERATION =
  /^(MERGE_(HEAD|MSG|MODE|RR|AUTOSTASH)|CHERRY_PICK_HEAD|REVERT_HEAD|REBASE_HEAD|AUTO_MERGE|SQUASH_MSG|BISECT_[A-Z_]+|(rebase-merge|rebase-apply|sequencer)(\/.*)?)$/;

/** The operation that a place is in the middle of, as git's own files. Empty if there is none. */
export async function keepOperation(place: Place): Promise<IndexLine[]> {
  const { gitDir, git } = place;
  return gitDir === null ? [] : keepFiles(git, gitDir, isOperationFile);
}

/** @param path relative to a git directory */
export function isOperationFile(path: string): boolean {
  return OPERATION.test(path);
}

const FULL_ID = /\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g;

/**
 * Commits that only the worktree's git directory names: where its HEAD has been (what was amended or reset away
 * included), refs of its own, and what an operation goes on with.
 */
export async function ownCommits(place: Place): Promise<string[]> {
  const { gitDir } = place;
  if (gitDir === null) return [];
  const names = ['logs/HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'ORIG_HEAD', 'REBASE_HEAD'];
  const files = [...names, 'rebase-merge/orig-head', 'rebase-merge/onto', 'rebase-merge/git-rebase-todo'];
  const texts = await Promise.all(files.map((name) => readIfThere(join(gitDir, name))));
  const refs = await gitAt(place).lines([
    'for-each-ref',
    '--format=%(objectname)',
    'refs/worktree',
    'refs/bisect',
    'refs/rewritten',
  ]);
  return [...new Set([...texts.flatMap((text) => text.match(FULL_ID) ?? []), ...refs])];
}

/** A file that can't be read says nothing: git could not use it either. */
function readIfThere(file: string): Promise<string> {
  return readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return '';
    throw error;
  });
}
