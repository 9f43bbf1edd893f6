import { join } from 'node:path';
import { decodeText } from '../byte-text.js';
import { changedFiles } from '../diff.js';
import type { Git, GitRunOptions } from '../git.js';
import { readGitDir } from '../git-dir.js';
import { mayHaveGitlinks } from '../may-have-flags.js';

/** A commit of another repository in a tree or an index. */
export interface Gitlink {
  /** Relative to the top, with `/`. */
  readonly path: string;
  readonly commit: string;
}

const LINK = '160000';
const MODE = Buffer.from(`${LINK} `);

/**
 * The gitlinks in the index of `git`, submodules or not. Takes no git process where the index file shows that there are
 * none, and otherwise reads a large index without a string for each file.
 */
export async function listGitlinks(git: Git, options: Pick<GitRunOptions, 'env'> = {}): Promise<Gitlink[]> {
  if (options.env === undefined && !(await mayHaveGitlinks(join(await readGitDir(git), 'index')))) return [];
  const { stdout } = await git.runBytes(['ls-files', '-z', '--stage'], options);
  return pick(stdout).map(([head, path]) => ({ path, commit: head.split(' ')[1] ?? '' }));
}

/** The gitlinks of a commit or tree. */
export async function listGitlinksOf(git: Git, treeish: string): Promise<Gitlink[]> {
  const { stdout } = await git.runBytes(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', treeish]);
  return pick(stdout).map(([head, path]) => ({ path, commit: head.split(' ')[2] ?? '' }));
}

/** The records that start with the mode of a gitlink, each cut at its tab. */
function pick(records: Buffer): Array<[head: string, path: string]> {
  const found: Array<[string, string]> = [];
  for (let at = records.indexOf(MODE); at !== -1; at = records.indexOf(MODE, at + 1)) {
    if (at !== 0 && records[at - 1] !== 0) continue;
    const end = records.indexOf(0, at);
    const record = decodeText(records.subarray(at, end === -1 ? undefined : end));
    const tab = record.indexOf('\t');
    found.push([record.slice(0, tab), record.slice(tab + 1)]);
  }
  return found;
}

/** A gitlink that a tree has and another has not, at least not for that path. */
export interface NewGitlink extends Gitlink {
  /** What the path had before; `null` if that was no gitlink. */
  readonly before: string | null;
  /** True if the other tree has the commit at another path: a submodule that was moved. */
  readonly moved: boolean;
}

/** The gitlinks that are new between two trees; without the first, all of the second. */
export async function newGitlinks(git: Git, from: string | null, to: string): Promise<NewGitlink[]> {
  if (from === null) {
    const all = await listGitlinksOf(git, to);
    return all.map((link) => ({ ...link, before: null, moved: false }));
  }
  const changes = (await changedFiles(git, { from, to, renames: false })).filter(
    ({ oldMode, newMode }) => oldMode === LINK || newMode === LINK,
  );
  const known = new Set(changes.filter(({ oldMode }) => oldMode === LINK).map(({ oldId }) => oldId));
  return changes
    .filter(({ newMode, oldMode, newId, oldId }) => newMode === LINK && (oldMode !== LINK || newId !== oldId))
    .map(({ path, newId, oldMode, oldId }) => ({
      ...{ path, commit: newId, before: oldMode === LINK ? oldId : null },
      moved: known.has(newId),
    }));
}

/** Every gitlink that commits between two have set on their way, the last ones included. */
export async function passedGitlinks(git: Git, from: string, to: string): Promise<Gitlink[]> {
  const format = ['--format=', '--raw', '--no-abbrev', '-z', '-r', '-m', '--no-renames', '--no-ext-diff'];
  const records = await git.zRecords(['log', ...format, '--end-of-options', `${from}..${to}`, '--']);
  const found = new Map<string, Gitlink>();
  for (const [index, record] of records.entries()) {
    const [, newMode, , newId = ''] = record.replace(/^\n/, '').split(' ');
    if (!/^\n?:/.test(record) || newMode !== LINK) continue;
    const path = records[index + 1] ?? '';
    found.set(`${newId} ${path}`, { path, commit: newId });
  }
  return [...found.values()];
}
