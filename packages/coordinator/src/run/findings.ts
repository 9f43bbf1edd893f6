import { type Finding, isSameFinding, type RepositoryChange } from '@pwt/core';
import type { RunLog } from './run-log.js';

interface Recorded {
  readonly log: RunLog;
}

/** Records a finding, once. */
export async function recordFinding({ log }: Recorded, finding: Finding): Promise<void> {
  if (log.state.findings.some((known) => known.resolved !== true && isSameFinding(known, finding))) return;
  await log.append({ type: 'finding', finding });
}

/** Records that these findings have been put right. */
export async function recordResolved({ log }: Recorded, findings: readonly Finding[]): Promise<void> {
  for (const finding of findings) await log.append({ type: 'finding-resolved', finding });
}

/** How many tasks a message names. */
const NAMED = 5;

/** Records a change of the repository, once, even if other agents are running when it is seen again. */
export async function recordChange(
  { log }: Recorded,
  change: RepositoryChange,
  taskIds: readonly string[],
): Promise<void> {
  const { kind, message, hint } = change;
  const isKnown = log.state.findings.some(
    (known) =>
      known.resolved !== true &&
      known.kind === kind &&
      known.hint === hint &&
      (known.message === message || known.message.startsWith(`${message} The agent`)),
  );
  if (isKnown) return;
  await log.append({ type: 'finding', finding: { ...change, taskIds, message: message + during(taskIds) } });
}

function during(taskIds: readonly string[]): string {
  const more = taskIds.length - NAMED;
  const named = `${taskIds.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  if (taskIds.length === 0) return '';
  return taskIds.length === 1
    ? ` The agent of task ${named} was running.`
    : ` The agents of tasks ${named} were running.`;
}
