import type { TaskState } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { formatDuration } from '../format/units.js';

/** What a task's agent does, in one line; paths in its worktree are relative to it. Pure. */
export function activityText(task: TaskState): string {
  const text = oneLine(task.activity?.text ?? 'the agent is working');
  const { workspace } = task;
  return workspace === undefined ? text : relativeTo(workspace.path, text);
}

/** What each agent of a run does, for a log that nobody draws over: `12:00:00 21: Bash npm test (4m 10s)`. Pure. */
export function workingText(task: TaskState, now: number): string {
  const since =
    task.dispatchedAt === undefined ? '' : ` (${formatDuration(Math.max(0, now - task.dispatchedAt))})`;
  return `${task.task.id}: ${activityText(task)}${since}`;
}

/** Only whole paths: `/w/repo-wt20` is not in `/w/repo-wt2`. */
function relativeTo(folder: string, text: string): string {
  return text
    .split(`${folder}/`)
    .join('')
    .split(folder)
    .reduce((before, after) => `${before}${/^[\w.-]/.test(after) ? folder : '.'}${after}`);
}
