import type { Plan, PlanReview } from '@pwt/planner';
import { oneLine } from '../../format/text.js';
import { formatDuration } from '../../format/units.js';
import { most, type Page, rowLines } from '../page.js';

const MOST_STARTING = 8;
const MOST_WAITING = 6;

type Bar = Plan['schedule']['timeline'][number];

/** The tasks that start at once, by the simulated run. Pure. */
export function startLines({ tasks, schedule }: Plan, page: Page): string[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const rows = schedule.timeline
    .filter(({ startMs }) => startMs === 0)
    .map(({ taskId }) => [taskId, oneLine(titles.get(taskId) ?? '')]);
  return listed(rows, MOST_STARTING, page);
}

/** The tasks that start later, the first ones first: when, after which task, and why they wait for that one. Pure. */
export function waitingLines(plan: Plan, review: PlanReview, page: Page): string[] {
  const later = plan.schedule.timeline
    .filter(({ startMs }) => startMs > 0)
    .sort((a, b) => a.startMs - b.startMs);
  const limit = most(page, MOST_WAITING);
  const rows = later
    .slice(0, limit)
    .map((bar) => [bar.taskId, `after ${formatDuration(bar.startMs)}`, reasonOf(bar, plan, review)]);
  return [...rowLines(rows, '  ', page), ...moreLine(later.length - rows.length, page)];
}

/** What the task waits for until the moment at which it starts. */
function reasonOf(bar: Bar, { tasks, claims, schedule }: Plan, { hot }: PlanReview): string {
  const task = tasks.find(({ id }) => id === bar.taskId);
  const ending = schedule.timeline.filter(({ endMs }) => endMs === bar.startMs);
  const needed = ending.find(({ taskId }) => task?.dependsOn.includes(taskId));
  if (needed) return `needs ${needed.taskId}`;
  const isAlone = (id: string) => claims.some(({ taskId, unknownScope }) => taskId === id && unknownScope);
  if (isAlone(bar.taskId)) return 'runs alone';
  for (const { taskId } of ending) {
    if (isAlone(taskId)) return `${taskId} runs alone until then`;
    const shared = hot.find((group) => group.tasks.includes(taskId) && group.tasks.includes(bar.taskId));
    if (shared) return `takes turns with ${taskId}: ${oneLine(shared.path)}`;
  }
  return 'when an agent is free';
}

function listed(rows: readonly (readonly string[])[], limit: number, page: Page): string[] {
  const shown = rows.slice(0, most(page, limit));
  return [...rowLines(shown, '  ', page), ...moreLine(rows.length - shown.length, page)];
}

function moreLine(left: number, { colours }: Page): string[] {
  return left > 0 ? [colours.dim(`  … and ${left} more`)] : [];
}
