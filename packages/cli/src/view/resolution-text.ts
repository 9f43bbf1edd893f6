import { placeText, shellQuote } from '@pwt/core';
import type { MarkedLines, Resolution } from '@pwt/default';
import { oneLine } from '../format/text.js';

/** So much of a line of a spec is shown. */
const SPEC_CHARACTERS = 120;

/** What is to be resolved, where, and how it goes on. Pure. */
export function resolutionLines(resolution: Resolution): string[] {
  const { taskId, workspace, outcome, conflicts } = resolution;
  const land = `pwt land ${shellQuote(taskId)}`;
  if (outcome.status === 'kept')
    return [
      `Task ${taskId} can't be merged in its worktree ${placeText(workspace)}: ${oneLine(outcome.reason)}`,
    ];
  if (outcome.status === 'merged')
    return [`Task ${taskId} has no conflict any more: its worktree is merged.`, `Go on: ${land}`];
  const place = shellQuote(workspace.path);
  return [
    `Task ${taskId} conflicts with ${outcome.onto.slice(0, 10)}. The merge is in its worktree: ${placeText(workspace)}`,
    '',
    ...conflicts.flatMap(conflictLines),
    '',
    ...(workspace.host === undefined ? [] : [`Log in on ${workspace.host} for steps 1 and 2.`]),
    `1. Edit the files there, until no marker is left. See them: git -C ${place} status`,
    `2. Commit: git -C ${place} commit --all --no-edit`,
    `3. Go on${workspace.host === undefined ? '' : ', here'}: ${land}`,
    `To put it off${workspace.host === undefined ? '' : ', there'}: git -C ${place} merge --abort`,
  ];
}

function conflictLines({ path, kind, lines, tasks }: Resolution['conflicts'][number]): string[] {
  const what = [
    ...(kind === undefined ? [] : [oneLine(kind)]),
    ...(lines.length === 0 ? [] : [linesText(lines)]),
  ];
  const others = tasks.length < 2 ? ['    changed on the target'] : [];
  return [
    `  ${oneLine(path)}${what.length === 0 ? '' : ` (${what.join(', ')})`}`,
    ...tasks.flatMap((task) => [
      `    ${oneLine(task.taskId)}: ${oneLine(task.title)}`,
      ...task.specLines.map((line) => `      ${oneLine(line).slice(0, SPEC_CHARACTERS)}`),
    ]),
    ...others,
  ];
}

function linesText(lines: readonly MarkedLines[]): string {
  const spans = lines.map(({ from, to }) => `${from}-${to}`);
  return `${lines.length === 1 ? 'lines' : 'lines of each conflict'} ${spans.join(', ')}`;
}
