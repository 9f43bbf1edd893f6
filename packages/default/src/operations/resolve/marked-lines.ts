import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** The lines of a conflict in a file, its markers included. They count from 1. */
export interface MarkedLines {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the conflicts of a file are. Empty for a file without markers, and for what is no file of the worktree: a link, or
 * something that a link leads to.
 */
export async function markedLines(top: string, path: string): Promise<MarkedLines[]> {
  const file = join(top, path);
  try {
    const [folder, root] = await Promise.all([realpath(dirname(file)), realpath(top)]);
    const isInside = folder === root || folder.startsWith(`${root}${sep}`);
    if (!isInside || !(await lstat(file)).isFile()) return [];
    return findMarked(await readFile(file, 'latin1'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function findMarked(text: string): MarkedLines[] {
  const found: MarkedLines[] = [];
  let from: number | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^<{7,} /.test(line)) from ??= index + 1;
    else if (/^>{7,} /.test(line) && from !== undefined) {
      found.push({ from, to: index + 1 });
      from = undefined;
    }
  }
  return found;
}
