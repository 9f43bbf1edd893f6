import type { FinishedTask } from '@pwt/core';
import { code, inline, listed } from './inline.js';

const TASKS = 12;
const PATHS = 8;

/** What is finished in the worktree already, a line for each task. Nothing if that is nothing. */
export function describeFinished(finished: readonly FinishedTask[] = []): string {
  if (finished.length === 0) return '';
  return [
    'Finished before it by other agents, and in your worktree:',
    '',
    ...finished.slice(0, TASKS).map(lineOf),
    ...(finished.length > TASKS ? ['- and more: `git log` has them'] : []),
  ].join('\n');
}

function lineOf({ taskId, title, isNeeded, commit, paths, noChange }: FinishedTask): string {
  const facts = [
    ...(isNeeded ? ['your task builds on it'] : []),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]),
  ];
  const aside = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  const changed =
    noChange === undefined
      ? listed(
          paths.map((path) => code(path)),
          PATHS,
        )
      : `no change was needed: ${code(noChange)}`;
  return `- ${inline(taskId)}, ${code(title, 120)}${aside}: ${changed}`;
}
