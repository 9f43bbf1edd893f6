import { defined } from '@pwt/core';
import type { Git } from '../git.js';
import { resolveObject } from '../refs.js';
import { readShape } from './write-snapshot.js';

/** What a snapshot says of itself; see `writeSnapshot` for its shape. */
export interface SnapshotEntry {
  /** In full; below `refs/pwt/<run>/snapshots/<task>/`. */
  readonly ref: string;
  readonly commit: string;
  readonly runId: string;
  readonly taskId: string;
  /** Counts from 1 for each task of a run; 0 for one that an earlier pwt has made. */
  readonly number: number;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  /** The branch that was checked out; absent if HEAD was detached. */
  readonly branch?: string;
  readonly unfiltered: boolean;
}

/** A snapshot taken apart. */
export interface SnapshotParts {
  /** Where HEAD was. */
  readonly head: string;
  readonly tree: string;
  readonly staged: string;
  /** The tree of what else there was; see `writeSnapshot`. */
  readonly extra: string | null;
  /** Commits that nothing else keeps, HEAD's line left out. */
  readonly commits: readonly string[];
}

const PLACE = /^refs\/pwt\/([^/]+)\/snapshots\/([^/]+)\/([^/]+)$/;

/** The snapshots of a repository, of one run or of all, by run, task and number. */
export async function listSnapshots(git: Git, runId?: string): Promise<SnapshotEntry[]> {
  const fields = ['refname', 'objectname', 'committerdate:unix', 'contents:body'];
  const format = `${fields.map((field) => `%(${field})%00`).join('')}`;
  const under = runId === undefined ? 'refs/pwt/' : `refs/pwt/${runId}/snapshots/`;
  const cells = await git.zRecords(['for-each-ref', `--format=${format}`, under]);
  const entries: SnapshotEntry[] = [];
  for (let at = 0; at + fields.length <= cells.length; at += fields.length) {
    const [ref = '', commit = '', seconds = '0', body = ''] = cells.slice(at, at + fields.length);
    const entry = entryOf(ref.replace(/^\n/, ''), commit, Number(seconds) * 1000, body);
    if (entry !== undefined) entries.push(entry);
  }
  return entries.sort((a, b) => a.takenAt - b.takenAt || a.number - b.number);
}

/** Takes a snapshot apart. One that an earlier pwt made is a plain commit: nothing was uncommitted. */
export async function readSnapshot(git: Git, commit: string): Promise<SnapshotParts> {
  const w = await readShape(git, commit);
  if (w === null) throw new Error(`no snapshot ${commit}`);
  const [head = commit, index] = w.parents;
  const i = index === undefined ? null : await readShape(git, index);
  if (i === null || i.parents[0] !== head) {
    return { head: commit, tree: w.tree, staged: w.tree, extra: null, commits: [] };
  }
  const e = i.parents[1] === undefined ? null : await readShape(git, i.parents[1]);
  return { head, tree: w.tree, staged: i.tree, extra: e?.tree ?? null, commits: e?.parents ?? [] };
}

/**
 * True if everything in a snapshot is contained in a commit: its commits by object id, its files as the tree of a
 * commit between its HEAD and that one, and nothing beside them.
 */
export async function isContained(git: Git, snapshot: string, containedIn: string): Promise<boolean> {
  const { head, tree, staged, extra, commits } = await readSnapshot(git, snapshot);
  const emptyTree = await git.text(['hash-object', '-t', 'tree', '--stdin'], { input: '' });
  if (extra !== null && extra !== emptyTree) return false;
  const loose = await git.text(['rev-list', '--count', head, ...commits, `^${containedIn}`]);
  if (loose !== '0') return false;
  const headTree = await resolveObject(git, `${head}^{tree}`);
  const wanted = new Set([tree, staged].filter((id) => id !== headTree));
  if (wanted.size === 0) return true;
  const trees = await git.lines(['log', '--format=%T', `${head}..${containedIn}`]);
  for (const id of trees) wanted.delete(id);
  return wanted.size === 0;
}

function entryOf(ref: string, commit: string, takenAt: number, body: string): SnapshotEntry | undefined {
  const [, runId, taskId, name = ''] = PLACE.exec(ref) ?? [];
  if (runId === undefined || taskId === undefined) return undefined;
  const trailer = (key: string) => new RegExp(`^Pwt-${key}: (.*)$`, 'm').exec(body)?.[1];
  const branch = trailer('Branch');
  return {
    ref,
    commit,
    runId,
    taskId,
    number: /^\d{1,6}$/.test(name) ? Number(name) : 0,
    reason: trailer('Reason') ?? 'before removal',
    takenAt,
    ...defined({ branch }),
    unfiltered: trailer('Filters') === 'off',
  };
}
