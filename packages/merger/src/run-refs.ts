import { isTaskId, PwtError, subjectName, type WorkSubject } from '@pwt/core';

/** Where all refs of a run live. */
export function runNamespace(runId: string): string {
  return `refs/pwt/${safe('run id', runId)}/`;
}

/** The ref that collects the gated work of a run. */
export function integrationRef(runId: string): string {
  return `${runNamespace(runId)}integration`;
}

/**
 * Where the candidates of a run are, one for each task: the last commit that was made of its work. They hold nothing that
 * is not on the branches of the tasks, or on the integration ref.
 */
export function candidatesNamespace(runId: string): string {
  return `${runNamespace(runId)}candidates/`;
}

/** The ref that keeps a merge commit alive until the integration ref contains it. */
export function candidateRef(runId: string, subject: WorkSubject): string {
  if (subject.kind === 'tasks') for (const taskId of subject.taskIds) safe('task id', taskId);
  return `${candidatesNamespace(runId)}${subjectName(subject)}`;
}

/** The ref that keeps an integration tip that was replaced because the target had been rewritten. */
export function replacedRef(runId: string, tip: string): string {
  return `${runNamespace(runId)}replaced/${tip.slice(0, 12)}`;
}

/** The full name of a branch given without `refs/heads/`. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

function safe(what: string, value: string): string {
  if (isTaskId(value)) return value;
  throw new PwtError('PWT_BAD_REF_NAME', `Not usable as part of a ref: ${what} ${JSON.stringify(value)}`, {
    hint: 'Use letters, digits, dots, dashes and underscores only, 100 at most.',
    data: { [what]: value },
  });
}
