import { commitTree } from '../commit.js';
import type { Git } from '../git.js';
import { fallbackIdentity } from '../identity.js';
import type { CommitObject } from '../objects/commit-object.js';
import { resolveObject } from '../refs.js';
import type { Captured } from './capture.js';

/** What is written into a snapshot beside the state itself. */
export interface SnapshotNote {
  readonly runId: string;
  readonly taskId: string;
  /** Why it was taken. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  /** More trailers, by the name that comes after `Pwt-`; each value one line. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/**
 * Writes a captured state as a commit in the shape of git's own stash (git-stash(1), "DISCUSSION"), so that plain
 * git can use it too (`git stash apply --index <commit>`, `git show`, `git diff`, `git checkout <commit> -- .`):
 *
 *            W     tree: the working tree, untracked files included
 *           / \
 *      HEAD    I   tree: what was staged
 *           \ / \
 *          HEAD  E  only if there is more: a tree of conflict stages, repositories inside and the operation in
 *                   progress; its parents are the commits that nothing else keeps
 *
 * Where there was no commit yet, a commit of the empty tree stands for HEAD. Moves no ref. Returns W's id.
 */
export async function writeSnapshot(git: Git, captured: Captured, note: SnapshotNote): Promise<string> {
  const write = writer(git, note);
  const { head, tree, staged, commits } = captured;
  const base =
    head ?? (await write({ tree: await emptyTree(git), parents: [], message: 'pwt: no commit yet' }));
  const extra = await extraOf(git, captured);
  const more =
    extra === null
      ? []
      : [await write({ tree: extra, parents: commits, message: 'pwt: what else would have gone with it' })];
  const index = await write({ tree: staged, parents: [base, ...more], message: 'pwt: what was staged' });
  return write({ tree, parents: [base, index], message: messageOf(captured, note) });
}

/** True if a snapshot holds this state. */
export async function isSameState(git: Git, snapshot: string, captured: Captured): Promise<boolean> {
  const { head, tree, staged, commits } = captured;
  const w = await readShape(git, snapshot);
  if (w === null || w.tree !== tree) return false;
  const [base = '', index = ''] = w.parents;
  if (head !== null && base !== head) return false;
  const i = await readShape(git, index);
  if (i === null || i.tree !== staged) return false;
  const e = i.parents[1] === undefined ? null : await readShape(git, i.parents[1]);
  const extra = await extraOf(git, captured);
  return (e?.tree ?? null) === extra && (e?.parents ?? []).join(' ') === commits.join(' ');
}

/** Tree and parents of a commit; `null` if there is none. */
export async function readShape(git: Git, commit: string): Promise<CommitObject | null> {
  const revision = `${commit}^{commit}`;
  try {
    const what = ['--no-show-signature', '--format=%T %P', '--end-of-options', revision];
    const text = await git.text(['show', '-s', ...what]);
    const [tree = '', ...parents] = text.trim().split(' ');
    return { tree, parents };
  } catch (error) {
    if ((await resolveObject(git, revision)) === null) return null;
    throw error;
  }
}

async function extraOf(git: Git, { extra, commits }: Captured): Promise<string | null> {
  return extra ?? (commits.length === 0 ? null : emptyTree(git));
}

function emptyTree(git: Git): Promise<string> {
  return git.text(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
}

/** In pwt's name: pwt alone has decided on these commits, and an identity may not be configured. */
function writer(git: Git, { takenAt }: SnapshotNote) {
  const who = { ...fallbackIdentity, date: new Date(takenAt) };
  return (commit: { readonly tree: string; readonly parents: readonly string[]; readonly message: string }) =>
    commitTree(git, { ...commit, message: `${commit.message}\n`, author: who, committer: who });
}

function messageOf(
  { branch, unfiltered }: Captured,
  { runId, taskId, reason, trailers: more = {} }: SnapshotNote,
): string {
  const trailers = [
    `Pwt-Run: ${runId}`,
    `Pwt-Task: ${taskId}`,
    `Pwt-Reason: ${oneLine(reason)}`,
    ...(branch === undefined ? [] : [`Pwt-Branch: ${branch}`]),
    ...(unfiltered ? ['Pwt-Filters: off'] : []),
    ...Object.entries(more).map(([key, value]) => `Pwt-${key}: ${oneLine(value)}`),
  ];
  return `pwt: task ${taskId}, ${oneLine(reason)}\n\n${trailers.join('\n')}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
