import type { Plan, PlanReview } from '@pwt/planner';
import { enumerate } from '../../format/lists.js';
import { count } from '../../format/units.js';
import { diagnosticLines } from '../diagnostics-text.js';
import { most, type Page, section, wrapped } from '../page.js';
import { timelineLines } from '../timeline-text.js';
import { adviceLines } from './advice-lines.js';
import { type ConflictPage, conflictLines } from './conflict-lines.js';
import { leftOutLines, noTasksLine } from './left-out-lines.js';
import { matrixLines } from './matrix-lines.js';
import { taskLines } from './task-lines.js';
import { type VerdictPage, verdictLines } from './verdict-lines.js';

export interface PlanPage extends ConflictPage, VerdictPage {}

const MOST_CYCLIC = 12;

/** A list on a terminal is cut to so many entries; a pager and a program get them all. */
const MOST_TASKS = 60;

/** The width of a timeline where there is no terminal to fill. */
export const PLAIN_COLUMNS = 100;

/** A whole plan for people, as lines: everything with the line of the spec that says so. Pure. */
export function planLines(plan: Plan, review: PlanReview, page: PlanPage): string[] {
  const { columns } = page;
  const { tasks, claims, schedule, diagnostics } = plan;
  const findings = diagnosticLines(diagnostics, page);
  if (tasks.length === 0) return [noTasksLine(diagnostics), ...findings, ...leftOutLines(diagnostics, page)];
  const bars = schedule.timeline.map(({ taskId, ...times }) => ({ label: taskId, ...times }));
  return [
    ...verdictLines(plan, page),
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
    ...leftOutLines(diagnostics, page),
  ];
}

/** What was left out of a long list. */
function moreLines(total: number, what: string, page: Page): string[] {
  const left = total - most(page, MOST_TASKS);
  if (left <= 0) return [];
  const how = 'name ids to see some of them, or pipe this to a pager to see all';
  return [...wrapped(`… and ${count(left, `more ${what}`)}: ${how}`, page).map(page.colours.dim), ''];
}

/** What no timeline can show: tasks that wait for themselves, and those that wait for them. */
export function neverLines({ schedule: { cyclic } }: Plan, page: Page): string[] {
  if (cyclic.length === 0) return [];
  const [verb, pronoun] = cyclic.length === 1 ? ['starts', 'it waits'] : ['start', 'they wait'];
  const ids = enumerate(cyclic, most(page, MOST_CYCLIC));
  return wrapped(`${ids} never ${verb}: ${pronoun} for a cycle of dependencies`, page).map(page.colours.red);
}
