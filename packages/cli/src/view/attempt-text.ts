import type { EndedAttempt, RunEvent, RunState, TaskState } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { formatDuration } from '../format/units.js';
import { figuresText } from './figures-text.js';

/** Which attempt it is, in front of what the task does: empty for the first. Pure. */
export function attemptPrefix({ attempt, attempts, phase }: TaskState): string {
  return attempts.length === 0 || phase === 'waiting' ? '' : `attempt ${attempt} · `;
}

/** Why a waiting task goes on; `undefined` for one that begins. Pure. */
export function goesOnText({ continues }: TaskState): string | undefined {
  return continues && `goes on after attempt ${continues.after}: ${oneLine(continues.ending.reason)}`;
}

/** What became of bringing a task's worktree onto a new base. Pure. */
export function movedText({ outcome }: Extract<RunEvent, { readonly type: 'workspace-moved' }>): string {
  switch (outcome.status) {
    case 'merged':
      return `its worktree has what is finished so far (${outcome.onto.slice(0, 10)})`;
    case 'conflicted':
      return `the merge of ${outcome.onto.slice(0, 10)} is in its worktree, with conflicts in ${outcome.paths.map(({ path }) => path).join(', ')}`;
    default:
      return `its worktree stays on its base: ${outcome.reason}`;
  }
}

/** The earlier attempts of a run's tasks, a line each. Pure. */
export function attemptLines({ tasks }: RunState): string[] {
  return [...tasks.values()].flatMap(({ task, attempts }) =>
    attempts.map((attempt) => oneLine(`${task.id}, ${attemptText(attempt)}`)),
  );
}

function attemptText({
  number,
  agent,
  machine,
  status,
  reason,
  figures,
  dispatchedAt,
  endedAt,
}: EndedAttempt): string {
  const took =
    dispatchedAt === undefined ? '' : ` after ${formatDuration(Math.max(0, endedAt - dispatchedAt))}`;
  const told = figuresText(figures);
  const by = [...(agent === undefined ? [] : [agent]), ...(machine === undefined ? [] : [`on ${machine}`])];
  return `attempt ${number}${by.length === 0 ? '' : ` (${by.join(' ')})`}: ${status}${took}: ${reason}${told === '' ? '' : ` (${told})`}`;
}
