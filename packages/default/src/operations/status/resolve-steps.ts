import { isResolvable, placeText, type RunState, shellQuote, type TaskState } from '@pwt/core';
import type { NextStep } from './next-step.js';

/** Conflicts that a person can resolve, where the agent does not. Pure. */
export function resolveSteps({ tasks }: RunState, run: string): NextStep[] {
  const open = [...tasks.values()].filter((task) => isResolvable(task) && task.resolving === undefined);
  return open.map((task) => toResolve(task, run));
}

/** Tasks with which it goes on once a person has resolved their conflicts. Pure. */
export function resolvedSteps({ tasks }: RunState, run: string): NextStep[] {
  const open = [...tasks.values()].filter((task) => isResolvable(task) && task.resolving !== undefined);
  return open.map((task) => toLand(task, run));
}

function toResolve({ task: { id } }: TaskState, run: string): NextStep {
  return {
    action: `Resolve ${id} yourself`,
    why: ['The conflict is put into its worktree; your checkout stays as it is.'],
    taskIds: [id],
    command: `pwt resolve ${shellQuote(id)}${run}`,
  };
}

function toLand({ task: { id }, workspace, resolving }: TaskState, run: string): NextStep {
  const place = workspace === undefined ? '' : placeText(workspace);
  const why =
    resolving?.status === 'conflicted'
      ? [`The merge is in ${place}: resolve it there first.`]
      : [`It is merged in ${place}.`];
  const command = `pwt land ${shellQuote(id)}${run}`;
  return { action: `Land ${id}`, why, taskIds: [id], command };
}
