import { join } from 'node:path';
import { type Finding, type IntrudedFile, type Intrusion, type RunState, shellQuote } from '@pwt/core';

/** How many files a message names. */
const NAMED = 8;

/** The report about an agent that has worked in the workspace of another task. */
export function intrusionFinding({ taskIds, victim, workspace, what, files, evidence }: Intrusion): Finding {
  const agent =
    taskIds.length === 1
      ? `The agent of task ${taskIds[0]}`
      : `One of the agents of tasks ${taskIds.join(', ')}`;
  const place = `the worktree of task ${victim}, ${workspace.path}`;
  const because = ` (${evidence}).`;
  if (what === 'switched') {
    const branch = workspace.branch;
    return {
      kind: 'head',
      severity: 'warning',
      taskIds,
      message: `${agent} has switched ${place}${because} What is committed there is looked for on both branches.`,
      ...(branch && {
        hint: `To look: git -C ${shellQuote(workspace.path)} log --oneline --branches=${shellQuote(branch)} HEAD`,
      }),
      subjects: [workspace.path],
      intrusion: { victim, files },
    };
  }
  const paths = files.map(({ path }) => path);
  const rest = paths.length - NAMED;
  const names = `${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return {
    kind: 'files',
    severity: 'warning',
    taskIds,
    message: `${agent} has written into ${place}${because} Files: ${names}. What is left as it was written there does not become part of the work of task ${victim}.`,
    subjects: paths.map((path) => join(workspace.path, path)),
    intrusion: { victim, files },
  };
}

/** What agents of other tasks have left in the workspace of a task, the last write of each path. */
export function intrudedFiles({ findings }: RunState, taskId: string): readonly IntrudedFile[] {
  const files = findings.flatMap(({ intrusion }) => (intrusion?.victim === taskId ? intrusion.files : []));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
