import { type CommitId, type CreateWorkspaceRequest, defined, type Task } from '@pwt/core';

/** What a provider is asked for, whenever it makes the workspace of a task. */
export function workspaceRequest(
  runId: string,
  { id: taskId, title, runsOn }: Task,
  base: CommitId,
): CreateWorkspaceRequest {
  return { runId, taskId, title, base, ...defined({ runsOn }) };
}
