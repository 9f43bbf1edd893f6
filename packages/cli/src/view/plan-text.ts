import type { Claim } from '@pwt/core';
import type { ClaimAnalysis, Plan } from '@pwt/default';
import type { Colours } from '../format/colours.js';
import { alignColumns, oneLine, truncate } from '../format/text.js';
import { count, formatDuration } from '../format/units.js';
import { diagnosticLines } from './diagnostics-text.js';
import { timelineLines } from './timeline-text.js';

export interface PlanTextOptions {
  readonly colours: Colours;
  readonly columns: number;
  readonly target: string;
  readonly maxInstances: number;
}

const boundNames: Readonly<Record<string, string>> = {
  slots: 'by the number of agents',
  'longest-task': 'by the longest task',
  'critical-path': 'by the longest chain of dependencies',
  'shared-paths': 'by the most wanted file',
  'unknown-scope': 'by the tasks without a scope',
};
const MOST_CONFLICTS = 40;

/** A plan for people, as lines. Pure. */
export function planLines(plan: Plan, analysis: ClaimAnalysis, options: PlanTextOptions): string[] {
  const { colours, columns, target, maxInstances } = options;
  const { bold } = colours;
  const { tasks, schedule, diagnostics } = plan;
  if (tasks.length === 0) return ['No tasks.', ...diagnosticLines(diagnostics, colours)];
  const { sequentialMs, makespanMs, speedup } = schedule.predicted;
  return [
    bold(`${count(tasks.length, 'task')}, up to ${maxInstances} at the same time, onto ${target}`),
    '',
    ...tasks.flatMap((_task, index) => taskLines(plan, index, colours, columns)),
    ...section('Conflicts', conflictLines(analysis, columns), bold),
    ...section(
      'Timeline',
      timelineLines(
        schedule.timeline.map(({ taskId, ...times }) => ({ label: taskId, ...times })),
        columns,
      ),
      bold,
    ),
    ...section('Findings', diagnosticLines(diagnostics, colours), bold),
    `${bold(`${speedup.toFixed(1)} ×`)} faster than one by one: ${formatDuration(makespanMs)} instead of ${formatDuration(sequentialMs)}, by the estimates of the specs.`,
    `No schedule can take less than ${formatDuration(schedule.bound.ms)} (${boundNames[schedule.bound.by] ?? schedule.bound.by}).`,
    ...(speedup > 1.0001 || tasks.length < 2
      ? []
      : ['No two of these tasks can run at the same time: they run one after the other.']),
  ];
}

function taskLines(plan: Plan, index: number, { bold, dim, yellow }: Colours, columns: number): string[] {
  const task = plan.tasks[index];
  const scope = plan.claims[index];
  if (!task || !scope) return [];
  const rows = scope.claims.map((claim) => [`  ${claim.mode}`, claim.pattern, evidence(claim)]);
  return [
    `${bold(task.id)}  ${truncate(oneLine(task.title), columns - 12)}`,
    ...(scope.unknownScope
      ? [yellow('  no scope found: runs alone')]
      : alignColumns(rows).map((line) => truncate(line, columns))),
    ...(task.dependsOn.length === 0 ? [] : [dim(`  after ${task.dependsOn.join(', ')}`)]),
    '',
  ];
}

function evidence({ place, rule, confidence, class: kind }: Claim): string {
  const where = place === undefined ? '' : `${place.file}${place.line === undefined ? '' : `:${place.line}`}`;
  const notes = [...(confidence === 'declared' ? [] : [confidence]), ...(kind === 'exclusive' ? [] : [kind])];
  return [where, rule, ...notes].filter((part) => part !== '').join(' ');
}

function conflictLines(
  { conflicts, possible, pairsListed, hotFiles }: ClaimAnalysis,
  columns: number,
): string[] {
  if (!pairsListed) {
    const rows = hotFiles
      .slice(0, MOST_CONFLICTS)
      .map(({ path, tasks }) => [path, count(tasks.length, 'task')]);
    return [
      'Too many tasks for a list of pairs (see --pairs). The most wanted files:',
      ...alignColumns(rows),
    ];
  }
  const rows = conflicts.map(({ tasks, paths, mine, theirs }) => [
    tasks.join(' – '),
    paths.join(', '),
    [mine, theirs].map(({ place }) => (place ? `${place.file}:${place.line ?? 1}` : '')).join(' / '),
  ]);
  const lines = alignColumns(rows).map((line) => truncate(line, columns));
  return [
    ...lines.slice(0, MOST_CONFLICTS),
    ...(lines.length > MOST_CONFLICTS ? [`… and ${lines.length - MOST_CONFLICTS} more (see --json)`] : []),
    ...(possible.length === 0
      ? []
      : [`${count(possible.length, 'pair')} might collide, which alone keeps nothing apart.`]),
  ];
}

function section(title: string, lines: readonly string[], bold: Colours['bold']): string[] {
  return lines.length === 0 ? [] : [bold(title), ...lines, ''];
}
