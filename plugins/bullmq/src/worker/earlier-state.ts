import { PwtError } from '@pwt/core';

/** The coordinator has the workspace made again, with all that has come of it. */
export function earlierState(id: string): PwtError {
  return new PwtError(
    'PWT_WORKSPACE_UNKNOWN',
    `This worker has ${id} as it was before: its folder was set back to an earlier state.`,
    { data: { id } },
  );
}
