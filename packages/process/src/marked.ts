import type { ProcessIdentity } from '@pwt/core';
import { assertMark } from './mark.js';
import { findTree, identityOf } from './process-tree.js';
import { type StopReport, stopTree } from './stop-tree.js';

/**
 * The live processes that carry this mark, and their descendants.
 *
 * @throws PwtError `PWT_PROCESS_BAD_REQUEST`
 */
export async function findMarked(mark: string): Promise<ProcessIdentity[]> {
  assertMark(mark);
  return (await findTree({ mark })).map(identityOf);
}

/**
 * Ends whatever a task left running after its end: everything that carries its mark.
 *
 * The report names what was found; three empty lists mean that nothing was left.
 *
 * @throws PwtError `PWT_PROCESS_BAD_REQUEST`
 */
export async function sweep(
  mark: string,
  { graceMs = 2000 }: { graceMs?: number } = {},
): Promise<StopReport> {
  assertMark(mark);
  return stopTree({ mark, graceMs });
}
