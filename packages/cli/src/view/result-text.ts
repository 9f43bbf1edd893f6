import { noChangeText, placeText, type TaskOutcome } from '@pwt/core';
import type { RunResult } from '@pwt/default';
import type { Colours } from '../format/colours.js';
import { enumerate } from '../format/lists.js';
import { alignColumns, oneLine } from '../format/text.js';
import { formatDuration } from '../format/units.js';
import { widthOf } from '../format/width.js';
import { findingText } from './finding-text.js';
import { gateWarningLines } from './gate-warnings.js';
import { nextStepLines } from './next-steps-text.js';
import { wordWrapped } from './page.js';
import { isLeftOut } from './plan/left-out-lines.js';
import { type ShownStatus, shownStatus, shownStatuses, statusColour, statusMark } from './task-line.js';
import { usageText } from './usage-text.js';

/** How many tasks are named in a sentence. */
const MOST_IDS = 8;

/**
 * What a run has come to and what to do next, as lines. Pure.
 *
 * @param more what else there is to say of the tasks, below them
 * @param columns the width of the terminal; absent where each task has one line
 */
export function resultLines(
  result: RunResult,
  colours: Colours,
  { more = [], columns }: { readonly more?: readonly string[]; readonly columns?: number | undefined } = {},
): string[] {
  const { bold, dim } = colours;
  const folded = (line: string): string[] => wordWrapped(line, columns);
  if (result.tasks.length === 0)
    return ['Nothing to do.', ...leftOutLines(result), ...notRunLines(result)].flatMap(folded);
  const hasUsage = usageText(result.usage ?? {}) !== '';
  const statuses = result.tasks.map(({ status }) => shownStatus(status, result.interrupted));
  const rows = alignColumns(
    result.tasks.map((task, index) => [
      markedStatus(statuses[index] ?? task.status),
      task.taskId,
      // What has not begun has taken no time.
      task.durationMs > 0 ? formatDuration(task.durationMs) : '',
      ...(hasUsage ? [usageText(task.usage ?? {})] : []),
      oneLine([task.title, saidOf(task)].filter((text) => text !== undefined && text !== '').join(': ')),
    ]),
  );
  // Further lines of a task begin below its id.
  const marks = statuses.map((status) => widthOf(markedStatus(status)));
  const indent = ' '.repeat(Math.max(...marks) + 2);
  return [
    ...rows.flatMap((row, index) => {
      const status = statuses[index];
      const lines = wordWrapped(row, columns, indent);
      return status === undefined ? lines : lines.map(statusColour(status, colours));
    }),
    ...[
      ...more,
      ...notRunLines(result),
      ...gateWarningLines(result.diagnostics),
      ...result.findings.map((finding) => oneLine(findingText(finding))),
    ].flatMap(folded),
    '',
    bold(totalsLine(result)),
    ...[
      ...keptLines(result),
      ...snapshotLines(result.snapshots),
      ...nextStepLines(result.next, result.findings),
    ].flatMap((line) => folded(line).map(dim)),
  ];
}

/** Why a task ended as it did, or what its agent has to say of it. */
function saidOf({
  reason,
  noChange,
  note,
}: Pick<TaskOutcome, 'reason' | 'noChange' | 'note'>): string | undefined {
  if (noChange !== undefined) return noChangeText(noChange);
  const noted = note === undefined ? undefined : `its agent has stated all the same: ${noChangeText(note)}`;
  return reason ?? noted;
}

function markedStatus(status: ShownStatus): string {
  return `${statusMark(status)} ${status}`;
}

/** The best first, as the statuses are listed. */
function totalsLine({ tasks, durationMs, target, usage = {}, interrupted }: RunResult): string {
  const used = usageText(usage);
  const parts = shownStatuses.flatMap((status) => {
    const amount = tasks.filter((task) => shownStatus(task.status, interrupted) === status).length;
    return amount > 0 ? [`${amount} ${status}`] : [];
  });
  return `${parts.join(', ')} in ${formatDuration(durationMs)}${target === undefined ? '' : `, target ${target}`}${used === '' ? '' : `, ${used}`}`;
}

/** Why there is no task in this run: what was left out, and what is wrong. */
function leftOutLines({ diagnostics }: RunResult): string[] {
  const told = diagnostics.filter((one) => isLeftOut(one) || one.severity !== 'info');
  return told.flatMap(({ message, hint }) => (hint === undefined ? [message] : [message, hint]));
}

/** Tasks of which there is no outcome because their specs could not be used. */
function notRunLines({ notRun, tasks }: RunResult): string[] {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return notRun
    .filter(({ taskId }) => !known.has(taskId))
    .map(({ taskId, reason }) => `✘ ${taskId}: ${oneLine(reason)}`);
}

/** The worktrees that are still there, to be looked at. Those on other machines can't be opened here: a line for each folder will do. */
function keptLines({ tasks, interrupted }: RunResult): string[] {
  if (interrupted) return [];
  const here: string[] = [];
  const elsewhere = new Map<string, { readonly taskId: string; readonly place: string }[]>();
  for (const { taskId, worktree: path, machine: host, status } of tasks) {
    if (path === undefined || status === 'landed') continue;
    if (host === undefined) here.push(`${taskId} is kept in ${path}`);
    else {
      const folder = placeText({ path: path.replace(/[/\\]+[^/\\]*$/, ''), host });
      const known = elsewhere.get(folder) ?? [];
      elsewhere.set(folder, [...known, { taskId, place: placeText({ path, host }) }]);
    }
  }
  const there = [...elsewhere].map(([folder, kept]) => {
    const ids = kept.map(({ taskId }) => taskId);
    const [first] = kept;
    if (kept.length === 1) return `${first?.taskId} is kept in ${first?.place}`;
    return `${enumerate(ids, MOST_IDS)} are kept below ${folder}`;
  });
  return [...here, ...there];
}

/** Where what tasks have left is found again, whatever becomes of their worktrees. */
export function snapshotLines(snapshots: RunResult['snapshots']): string[] {
  const ids = [...new Set(snapshots.map(({ taskId }) => taskId))];
  return ids.length === 0
    ? []
    : [`What ${enumerate(ids, MOST_IDS)} left behind is kept in snapshots. To list them: pwt restore`];
}
