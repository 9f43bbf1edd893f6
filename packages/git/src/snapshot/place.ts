import { join } from 'node:path';
import { copyIndexFile } from '../copy-index-file.js';
import type { Git } from '../git.js';

/**
 * A working tree whose state is to be kept, by its parts: nothing that lies at its top (`.git` replaced, or gone)
 * decides where git looks.
 */
export interface Place {
  /** Of the repository that gets the objects. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** The worktree's own git directory; `null` if git has forgotten the worktree. Absolute. */
  readonly gitDir: string | null;
  /** The top of the working tree; `null` if it is gone. Absolute. */
  readonly workTree: string | null;
  /** Where {@link workTree} was before it was moved here: links in it are read from there. @default workTree */
  readonly origin?: string;
  /** Where HEAD is taken to be if there is no git directory to ask. */
  readonly fallbackHead: string | null;
}

/** Git, told where it is; where there is no working tree, it is not to look at files. */
export function gitAt({ git, commonDir, gitDir, workTree }: Place): Git {
  return inPlace(git, workTree ?? commonDir, gitDir ?? commonDir, commonDir);
}

/** Git in a working tree, with the configuration that `git` uses. */
export function inPlace(git: Git, workTree: string, gitDir: string, commonDir: string): Git {
  return git.inWorktree({ path: workTree, gitDir, commonDir });
}

/** Copies the index of a place; `false` if there is none. */
export async function copyIndex({ gitDir }: Place, to: string): Promise<boolean> {
  return gitDir !== null && copyIndexFile(join(gitDir, 'index'), to);
}

/** Ignored files of a place, and as one entry each folder that is ignored as a whole. */
export async function listIgnored(place: Place): Promise<string[]> {
  if (place.workTree === null) return [];
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const paths = await gitAt(place).zRecords(args);
  return paths.map((path) => path.replace(/\/$/, ''));
}
