import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPwtError } from '@pwt/core';
import { diskPath } from './byte-text.js';
import type { Git, GitRunOptions } from './git.js';

/** One entry of an index, with what hides it. */
export interface IndexRecord {
  /** As `git ls-files -v` prints it: `H`, `S` (skip-worktree), `M`; in lower case if assumed unchanged. */
  readonly tag: string;
  /** In octal, six digits. */
  readonly mode: string;
  readonly id: string;
  readonly stage: string;
  readonly path: string;
}

type In = Pick<GitRunOptions, 'env'>;

/** `null` if the index can't be read. */
export async function readIndexRecords(git: Git, options: In = {}): Promise<IndexRecord[] | null> {
  try {
    return (await git.zRecords(['ls-files', '-z', '-v', '--stage'], options)).map(parseRecord);
  } catch (error) {
    if (isPwtError(error) && error.code === 'PWT_GIT_FAILED') return null;
    throw error;
  }
}

/** `H 100644 <id> 0<tab>path` */
function parseRecord(record: string): IndexRecord {
  const tab = record.indexOf('\t');
  const [tag = '', mode = '', id = '', stage = ''] = record.slice(0, tab).split(' ');
  return { tag, mode, id, stage, path: record.slice(tab + 1) };
}

/**
 * The entries that are flagged as unchanged or as not checked out, which hides what was written to their files. The
 * second flag hides nothing where there is no file: a sparse checkout is no deletion.
 */
export function hidingRecords(records: readonly IndexRecord[], workTree: string | null): IndexRecord[] {
  const isThere = workTree === null ? () => false : lookingIn(workTree);
  return records.filter(({ tag, path }) =>
    tag.toUpperCase() === 'S' ? isThere(path) : tag !== tag.toUpperCase(),
  );
}

/** Takes both flags off entries of an index. */
export async function unflag(
  git: Git,
  entries: ReadonlyArray<{ readonly path: string }>,
  options: In = {},
): Promise<void> {
  if (entries.length === 0) return;
  const input = entries.map(({ path }) => `${path}\0`).join('');
  for (const flag of ['--no-assume-unchanged', '--no-skip-worktree']) {
    // Only the first of several such flags counts.
    await git.run(['update-index', '-z', flag, '--stdin'], { ...options, input });
  }
}

/** Whether paths exist below a folder; what lies in a folder that is not there is not looked at one by one. */
function lookingIn(top: string): (path: string) => boolean {
  const folders = new Map<string, boolean>([['.', true]]);
  const isThere = (path: string): boolean =>
    lstatSync(diskPath(join(top, path)), { throwIfNoEntry: false }) !== undefined;
  const hasFolder = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = hasFolder(dirname(folder)) && isThere(folder);
    folders.set(folder, found);
    return found;
  };
  return (path) => hasFolder(dirname(path)) && isThere(path);
}
