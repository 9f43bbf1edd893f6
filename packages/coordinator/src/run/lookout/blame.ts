import type { Blame, RepositoryChange, RepositoryWatch, Severity } from '@pwt/core';
import { named, type Recorded, recordAs, recordChange, recordFinding } from '../findings.js';

/** Who may have changed something: what the watch says, or else the tasks whose agents were running. */
export async function blameFor(
  watch: RepositoryWatch | undefined,
  change: RepositoryChange,
  { since, ran }: { readonly since: number; readonly ran: readonly string[] },
): Promise<Blame> {
  const unknown: Blame = { status: 'unclear', taskIds: ran };
  if (watch === undefined) return unknown;
  // Whatever goes wrong with it, the change itself is reported.
  return watch.blame(change, since).catch(() => unknown);
}

/** Records a change, with who made it as far as that is known. What an agent did to what is not its own is a warning at least. */
export async function recordBlamed(context: Recorded, change: RepositoryChange, blame: Blame): Promise<void> {
  if (blame.status === 'unclear' && !blame.atWork) return recordChange(context, change, blame.taskIds);
  if (blame.status === 'unclear') {
    const who = `Nothing tells who did it; at that moment the ${named(blame.taskIds, 'was', 'were')} at work.`;
    return recordAs(context, change, blame.taskIds, who);
  }
  if (blame.status === 'nobody')
    return recordAs(context, change, [], 'No agent did it, as far as their git and their processes tell.');
  const { taskIds, evidence } = blame;
  const severity: Severity = change.severity === 'info' ? 'warning' : change.severity;
  const who =
    taskIds.length === 1 ? `The agent of task ${taskIds[0]}` : `The agents of tasks ${taskIds.join(', ')}`;
  const message = `${change.message} ${who} did it: ${evidence}.`;
  await recordFinding(context, { ...change, severity, taskIds, message });
}
