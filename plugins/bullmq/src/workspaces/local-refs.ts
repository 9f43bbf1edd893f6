import type { CommitId } from '@pwt/core';

/** Where commits that came from workers are kept in the project's repository. Tasks have ids that are fit for refs. */
export const localRefs = {
  /** All that a task's workspaces have given. */
  ofTask: (runId: string, taskId: string): string => `refs/pwt/${runId}/bullmq/${taskId}/`,
  commit: (runId: string, taskId: string, commit: CommitId): string =>
    `${localRefs.ofTask(runId, taskId)}${commit}`,
};
