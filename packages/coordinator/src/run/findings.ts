import { type Finding, isSameFinding, type RepositoryChange } from '@pwt/core';
import type { RunLog } from './run-log.js';

/** Where findings are recorded. */
export interface Recorded {
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
  context: Recorded,
  change: RepositoryChange,
  taskIds: readonly string[],
): Promise<void> {
  await recordAs(context, change, taskIds, during(taskIds));
}

/** Records a change of the repository, once, with a sentence on who made it. */
export async function recordAs(
  { log }: Recorded,
  change: RepositoryChange,
  taskIds: readonly string[],
  who: string,
): Promise<void> {
  const { kind, message, hint } = change;
  const isKnown = log.state.findings.some(
    (known) =>
      known.resolved !== true &&
      known.kind === kind &&
      known.hint === hint &&
      known.message.startsWith(message) &&
      /^$|^ (The agent|No agent|Nothing tells)/.test(known.message.slice(message.length)),
  );
  if (isKnown) return;
  const text = who === '' ? message : `${message} ${who}`;
  await log.append({ type: 'finding', finding: { ...change, taskIds, message: text } });
}

function during(taskIds: readonly string[]): string {
  return taskIds.length === 0 ? '' : `The ${named(taskIds, 'was', 'were')} running.`;
}

/** `agent of task 1 was`, `agents of tasks 1, 2 were`. */
export function named(taskIds: readonly string[], one: string, several: string): string {
  const more = taskIds.length - NAMED;
  const list = `${taskIds.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return taskIds.length === 1 ? `agent of task ${list} ${one}` : `agents of tasks ${list} ${several}`;
}
