import { defined, type ProcessIdentity } from '@pwt/core';
import { findTree } from './process-tree.js';
import { processTable } from './system/current.js';
import type { ProcessEntry } from './system/system.js';

/** What a tree of processes uses at one moment. */
export interface TreeSample {
  /** CPU time used so far by the live processes and by those of their children that have ended, in ms. */
  readonly cpuMs: number;
  /** Resident memory, in bytes. Pages that several processes share count once for each. */
  readonly rssBytes: number;
  /** How many processes are alive. */
  readonly processes: number;
}

/** One tree, by its first process, its mark, or both. */
export async function sampleTree(tree: { root?: ProcessIdentity; mark?: string }): Promise<TreeSample> {
  const { root, mark } = tree;
  return total(await findTree({ ...(root && { roots: [root] }), ...defined({ mark }) }));
}

/**
 * Several trees by their marks, in one look at the process table.
 *
 * Every mark asked for is in the answer, with zeros where nothing runs. Only processes that carry the mark
 * count: a child that has cleared its environment does not.
 */
export async function sampleMarked(marks: Iterable<string>): Promise<Map<string, TreeSample>> {
  const groups = new Map([...marks].map((mark): [string, ProcessEntry[]] => [mark, []]));
  for (const entry of await processTable()) {
    for (const mark of entry.marks) groups.get(mark)?.push(entry);
  }
  return new Map([...groups].map(([mark, entries]) => [mark, total(entries)]));
}

function total(entries: readonly ProcessEntry[]): TreeSample {
  return {
    cpuMs: entries.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    rssBytes: entries.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    processes: entries.length,
  };
}
