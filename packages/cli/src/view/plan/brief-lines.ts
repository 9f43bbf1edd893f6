import type { Plan, PlanReview } from '@pwt/planner';
import { diagnosticLines } from '../diagnostics-text.js';
import { section, wrapped } from '../page.js';
import { timelineLines } from '../timeline-text.js';
import { adviceLines } from './advice-lines.js';
import { aloneLines, costLines } from './conflict-lines.js';
import { leftOutLines, noTasksLine } from './left-out-lines.js';
import { neverLines, PLAIN_COLUMNS, type PlanPage } from './plan-lines.js';
import { startLines, waitingLines } from './start-lines.js';
import { verdictLines } from './verdict-lines.js';

const MOST_CONFLICTS = 3;
const MOST_BARS = 20;

/**
 * What somebody wants to know before a run: how long it takes, what starts now, what waits and for what, what runs alone,
 * which conflicts cost most, and what to change. A screen or two, however many tasks there are. Pure.
 */
export function briefLines(plan: Plan, review: PlanReview, page: PlanPage): string[] {
  const brief = { ...page, whole: false };
  const { tasks, diagnostics, schedule } = plan;
  const findings = diagnosticLines(diagnostics, brief);
  if (tasks.length === 0) return [noTasksLine(diagnostics), ...findings, ...leftOutLines(diagnostics, brief)];
  const bars = schedule.timeline.map(({ taskId, ...times }) => ({ label: taskId, ...times }));
  return [
    ...verdictLines(plan, brief),
    '',
    ...section('Starts now', startLines(plan, brief), brief),
    ...section('Waits', [...waitingLines(plan, review, brief), ...neverLines(plan, brief)], brief),
    ...section('Runs alone', [...aloneLines(plan, brief), ...waysOut(plan, brief)], brief),
    ...section('Conflicts, by what they cost', costLines(review, brief, MOST_CONFLICTS), brief),
    ...section('What would make it faster', adviceLines(review.advice, brief), brief),
    ...(bars.length > MOST_BARS
      ? []
      : section('Timeline', timelineLines(bars, brief.columns ?? PLAIN_COLUMNS), brief)),
    ...section('Findings', findings, brief),
    ...leftOutLines(diagnostics, brief),
    brief.colours.dim('Every claim with its line, all conflicts, the matrix: pwt plan -v'),
  ];
}

/** What can be done about tasks that name no file, where there are several. */
function waysOut({ claims }: Plan, page: PlanPage): string[] {
  if (claims.filter(({ unknownScope }) => unknownScope).length < 2) return [];
  const ways =
    'To have their files proposed: pwt scope. To let them run beside others, at the risk of conflicts: --unknown-scope together.';
  return wrapped(ways, page).map(page.colours.dim);
}
