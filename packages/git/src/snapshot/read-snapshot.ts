import { defined } from '@pwt/core';
import type { Git } from '../git.js';
import type { CommitObject } from '../objects/commit-object.js';
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
export function readSnapshot(git: Git, commit: string): Promise<SnapshotParts> {
  return takeApart(commit, (id) => readShape(git, id));
}

/** See {@link readSnapshot}; `read` gives tree and parents of a commit. */
export async function takeApart(
  commit: string,
  read: (commit: string) => Promise<CommitObject | null>,
): Promise<SnapshotParts> {
  const w = await read(commit);
  if (w === null) throw new Error(`no snapshot ${commit}`);
  const [head = commit, index] = w.parents;
  const i = index === undefined ? null : await read(index);
  if (i === null || i.parents[0] !== head) {
    return { head: commit, tree: w.tree, staged: w.tree, extra: null, commits: [] };
  }
  const e = i.parents[1] === undefined ? null : await read(i.parents[1]);
  return { head, tree: w.tree, staged: i.tree, extra: e?.tree ?? null, commits: e?.parents ?? [] };
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
