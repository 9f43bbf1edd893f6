import { join } from 'node:path';
import {
  defined,
  type Finding,
  type IntrudedFile,
  type Intrusion,
  type RunState,
  shellQuote,
} from '@pwt/core';
import { matches } from '@pwt/scope';

/** How many files a message names. */
const NAMED = 8;

/** The report about an agent that has worked in the workspace of another task. */
export function intrusionFinding({
  taskIds,
  victim,
  workspace,
  what,
  files,
  evidence,
  byGit,
}: Intrusion): Finding {
  const intrusion = { victim, files, ...defined({ byGit }) };
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
      intrusion,
    };
  }
  const paths = files.map(({ path }) => path);
  const rest = paths.length - NAMED;
  const names = `${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return {
    kind: 'files',
    severity: 'warning',
    taskIds,
    message: `${agent} has written into ${place}${because} Files: ${names}. What of it task ${victim} does not claim${byGit ? '' : ' and the other one does'} does not become part of its work, if it is left as it was written there.`,
    subjects: paths.map((path) => join(workspace.path, path)),
    intrusion,
  };
}

/**
 * What agents of other tasks have left in the workspace of a task and does not belong there, the last write of each path: it
 * is not claimed by this task, and the other agent's git told of it, or it is claimed by one of those tasks. Who wrote a file
 * is weighed and may be wrong; with the claims it is safe to leave it out.
 */
export function intrudedFiles({ findings, tasks }: RunState, taskId: string): readonly IntrudedFile[] {
  const isClaimed = (path: string, by: readonly string[]) =>
    by.some((id) =>
      tasks.get(id)?.claims.some(({ mode, pattern }) => mode !== 'read' && matches(pattern, path)),
    );
  const files = findings.flatMap(({ intrusion, taskIds }) =>
    intrusion?.victim !== taskId
      ? []
      : intrusion.files.filter(
          ({ path }) => !isClaimed(path, [taskId]) && (intrusion.byGit || isClaimed(path, taskIds)),
        ),
  );
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
