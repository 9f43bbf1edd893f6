import type { Plan, PlanReview } from '@pwt/planner';
import { enumerate } from '../../format/lists.js';
import { count, formatDuration } from '../../format/units.js';
import { diagnosticLines } from '../diagnostics-text.js';
import { most, type Page, section, wrapped } from '../page.js';
import { timelineLines } from '../timeline-text.js';
import { adviceLines } from './advice-lines.js';
import { type ConflictPage, conflictLines } from './conflict-lines.js';
import { matrixLines } from './matrix-lines.js';
import { taskLines } from './task-lines.js';

export interface PlanPage extends ConflictPage {
  readonly maxInstances: number;
}

const MOST_CYCLIC = 12;

/** A list on a terminal is cut to so many entries; a pager and a program get them all. */
const MOST_TASKS = 60;

/** The width of a timeline where there is no terminal to fill. */
const PLAIN_COLUMNS = 100;

const boundNames: Readonly<Record<Plan['schedule']['bound']['by'], string>> = {
  slots: 'by the number of agents',
  'longest-task': 'by the longest task',
  'critical-path': 'by the longest chain of dependencies',
  'shared-paths': 'by the most wanted file',
  'unknown-scope': 'by the tasks without a scope',
};

/** A plan for people, as lines: everything with the line of the spec that says so. Pure. */
export function planLines(plan: Plan, review: PlanReview, page: PlanPage): string[] {
  const { colours, columns, maxInstances } = page;
  const { tasks, claims, schedule, diagnostics, target } = plan;
  const findings = diagnosticLines(diagnostics, page);
  if (tasks.length === 0) return ['No tasks.', ...findings, ...noteLines(diagnostics, page)];
  const bars = schedule.timeline.map(({ taskId, ...times }) => ({ label: taskId, ...times }));
  return [
    colours.bold(`${count(tasks.length, 'task')}, up to ${maxInstances} at the same time, onto ${target}`),
    '',
    ...tasks.slice(0, most(page, MOST_TASKS)).flatMap((task, at) => {
      const scope = claims[at];
      return scope ? taskLines(task, scope, page) : [];
    }),
    ...moreLines(tasks.length, 'task', page),
    ...section('Conflicts, by what they cost', conflictLines(plan, review, page), page),
    ...section('Matrix', matrixLines(plan, review, page), page),
    ...section(
      'Timeline',
      [
        ...timelineLines(
          bars.slice(0, most(page, MOST_TASKS)),
          columns ?? PLAIN_COLUMNS,
          columns === undefined,
        ),
        ...moreLines(bars.length, 'bar', page),
        ...neverLines(plan, page),
      ],
      page,
    ),
    ...section('Findings', findings, page),
    ...section('What would make it faster', adviceLines(review.advice, page), page),
    ...speedLines(plan, page),
  ];
}

/** What was left out of a long list. */
function moreLines(total: number, what: string, page: Page): string[] {
  const left = total - most(page, MOST_TASKS);
  if (left <= 0) return [];
  const how = 'name ids to see some of them, or pipe this to a pager to see all';
  return [...wrapped(`… and ${count(left, `more ${what}`)}: ${how}`, page).map(page.colours.dim), ''];
}

/** Why there are none, as with tasks that have landed. */
function noteLines(diagnostics: Plan['diagnostics'], page: Page): string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'info')
    .flatMap(({ message, hint }) => [
      ...wrapped(message, page),
      ...(hint === undefined ? [] : wrapped(`  ${hint}`, page).map(page.colours.dim)),
    ]);
}

/** What no timeline can show: tasks that wait for themselves, and those that wait for them. */
function neverLines({ schedule: { cyclic } }: Plan, page: Page): string[] {
  if (cyclic.length === 0) return [];
  const [verb, pronoun] = cyclic.length === 1 ? ['starts', 'it waits'] : ['start', 'they wait'];
  const ids = enumerate(cyclic, most(page, MOST_CYCLIC));
  return wrapped(`${ids} never ${verb}: ${pronoun} for a cycle of dependencies`, page).map(page.colours.red);
}

function speedLines(plan: Plan, page: Page): string[] {
  const { tasks, schedule } = plan;
  const { predicted, bound } = schedule;
  const { sequentialMs, makespanMs, speedup } = predicted;
  const factor = `${speedup.toFixed(1)} ×`;
  const [first = '', ...more] = wrapped(
    `${factor} faster than one by one: ${formatDuration(makespanMs)} instead of ${formatDuration(sequentialMs)}, ${timeWords(plan)}.`,
    page,
  );
  return [
    `${page.colours.bold(factor)}${first.slice(factor.length)}`,
    ...more,
    ...wrapped(`No schedule can take less than ${formatDuration(bound.ms)} (${boundNames[bound.by]}).`, page),
    ...(speedup > 1.0001 || tasks.length < 2
      ? []
      : wrapped('No two of these tasks can run at the same time: they run one after the other.', page)),
  ];
}

/** What the times rest on. */
function timeWords({ tasks, measured = new Map() }: Pick<Plan, 'tasks' | 'measured'>): string {
  const others = tasks.filter(({ id }) => !measured.has(id));
  if (others.length === tasks.length) return estimateWords(tasks);
  if (others.length === 0) return 'by what their agents took in earlier runs';
  const seen = count(tasks.length - others.length, 'agent');
  return `by what ${seen} took in earlier runs, the others ${otherTimeWords(others)}`;
}

function otherTimeWords(tasks: Plan['tasks']): string {
  const without = tasks.filter(({ estimateMs }) => estimateMs === undefined).length;
  if (without === 0) return 'by the estimates of their specs';
  return without === tasks.length
    ? 'taken for average'
    : 'by the estimates of their specs or taken for average';
}

function estimateWords(tasks: Plan['tasks']): string {
  const without = tasks.filter(({ estimateMs }) => estimateMs === undefined).length;
  if (without === 0) return 'by the estimates of the specs';
  if (without === tasks.length) return 'if all take the same time: no spec has an estimate';
  return `by the estimates of ${count(tasks.length - without, 'spec')}, ${without} without one taken for average`;
}
