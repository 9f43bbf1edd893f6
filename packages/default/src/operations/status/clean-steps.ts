import { stat } from 'node:fs/promises';
import { isElsewhere, type RunState, type TaskIn, type TaskState } from '@pwt/core';
import type { NextStep } from './next-step.js';

/** What can be done about worktrees that stay although their work has landed: why each does, and what lets it go. */
export function cleanSteps({ tasks }: RunState): NextStep[] {
  return [...tasks.values()].filter(hasStayed).map((task) => {
    const { id } = task.task;
    const { reason, message = '', hint } = task.workspaceKept ?? {};
    const flag = reason === 'dirty' || reason === 'unmerged' ? ` --force-${reason}` : '';
    return {
      action: flag === '' ? `Remove the worktree of ${id}` : `Remove the worktree of ${id} all the same`,
      why: [
        `${id} has landed, and its worktree stays: ${message}.`,
        ...(hint === undefined ? [] : [`First: ${hint}`]),
      ],
      taskIds: [id],
      command: `pwt clean ${id}${flag}`,
    };
  });
}

/**
 * The state with those worktrees gone that were removed after the run: `pwt clean` writes in no run's log. Of those on other
 * machines nothing is known here.
 */
export async function withoutRemoved(state: RunState): Promise<RunState> {
  const stayed = [...state.tasks.values()].filter(hasStayed).filter((task) => !isElsewhere(task.workspace));
  if (stayed.length === 0) return state;
  const tasks = new Map(state.tasks);
  for (const task of stayed) {
    const isThere = await stat(task.workspace.path).then(
      () => true,
      () => false,
    );
    if (!isThere) tasks.set(task.task.id, { ...task, workspaceGone: true });
  }
  return { ...state, tasks };
}

function hasStayed(task: TaskState): task is TaskIn<'integrated'> {
  return task.outcome === 'landed' && task.workspaceGone === false && task.workspaceKept !== undefined;
}
