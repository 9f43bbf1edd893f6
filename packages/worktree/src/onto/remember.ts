import type { CommitId } from '@pwt/core';
import type { ProviderContext } from '../context.js';
import type { MoveStep, PreparedMerge, WorktreeRecord } from '../records.js';

/** What is new of a worktree; `null` for what is over. */
export interface NewFacts {
  readonly base?: CommitId;
  readonly moving?: MoveStep | null;
  readonly merging?: PreparedMerge | null;
}

/** Writes what is new into the record of a worktree, and returns it. */
export async function remember(
  { records }: ProviderContext,
  known: WorktreeRecord,
  { base, ...steps }: NewFacts,
): Promise<WorktreeRecord> {
  const { moving, merging, ...rest } = (await records.read(known.workspace.id)) ?? known;
  const after = { moving: moving ?? null, merging: merging ?? null, ...steps };
  const record: WorktreeRecord = {
    ...rest,
    ...(after.moving !== null && { moving: after.moving }),
    ...(after.merging !== null && { merging: after.merging }),
    workspace: { ...rest.workspace, ...(base !== undefined && { base }) },
  };
  await records.write(record);
  return record;
}
