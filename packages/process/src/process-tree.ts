import type { ProcessIdentity } from '@pwt/core';
import { identify, isSameProcess } from './identity.js';
import { currentSystem, processTable } from './system/current.js';
import type { ProcessEntry } from './system/system.js';

/** What makes a process part of a tree; each is enough. */
export interface TreeQuery {
  /** These processes, if they still run, and all their descendants. */
  readonly roots?: readonly ProcessIdentity[];
  /** Everything that carries this mark in its environment. */
  readonly mark?: string;
  /**
   * A supervisor: what runs in its session or group belongs to the tree, but neither it nor the helpers that
   * it starts itself, so that it can record the exit.
   */
  readonly supervisor?: ProcessIdentity;
}

/** The live members of a tree, found in one look at the process table. Never the calling process. */
export async function findTree(query: TreeQuery): Promise<ProcessEntry[]> {
  return selectTree(await processTable(), query, currentSystem().bootId()).filter(
    ({ pid }) => pid !== process.pid,
  );
}

/**
 * The rows of `table` that belong to a tree: the roots and marked processes, their descendants, and the
 * sessions and groups that a member leads.
 *
 * A session or group counts only while its leader is seen alive in the same table: the id of one whose leader
 * is gone may have been another's. Pure.
 */
export function selectTree(table: readonly ProcessEntry[], query: TreeQuery, bootId: string): ProcessEntry[] {
  const live = table.filter(({ zombie, pid }) => !zombie && pid > 1);
  const is = (entry: ProcessEntry, identity: ProcessIdentity | undefined): boolean =>
    identity !== undefined && entry.pid === identity.pid && isSameProcess({ ...entry, bootId }, identity);
  const roots = new Map((query.roots ?? []).map((root) => [root.pid, root]));
  const spared = live.find((entry) => is(entry, query.supervisor));

  const members = new Map<number, ProcessEntry>();
  for (const entry of live) {
    if (entry === spared) continue;
    const isMarked = query.mark !== undefined && entry.marks.includes(query.mark);
    const isOfSession =
      spared !== undefined &&
      entry.ppid !== spared.pid &&
      (entry.session === spared.pid || entry.pgid === spared.pid);
    if (isMarked || isOfSession || is(entry, roots.get(entry.pid))) members.set(entry.pid, entry);
  }
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const entry of live) {
      if (members.has(entry.pid) || entry === spared) continue;
      if (members.has(entry.ppid) || members.has(entry.session) || members.has(entry.pgid)) {
        members.set(entry.pid, entry);
      }
    }
  }
  return [...members.values()];
}

/** The identity of a row. */
export function identityOf(entry: ProcessEntry): ProcessIdentity {
  return { pid: entry.pid, startTime: entry.startTime, bootId: currentSystem().bootId() };
}

/**
 * Sends a signal to exactly this process: its identity is checked right before, so a recycled pid is never
 * hit. False if it no longer runs or may not be signalled.
 */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  const now = identify(target.pid);
  if (now === undefined || !isSameProcess(now, target) || target.pid === process.pid) return false;
  try {
    return process.kill(target.pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
