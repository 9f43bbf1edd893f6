import type { HotFileGroup, Plan, PlanReview } from '@pwt/planner';
import { count } from '../../../format/units.js';
import { html, type Markup } from './markup.js';

const MOST_PATHS = 60;
const ROW = 26;
const TASK_X = 380;
const PATH_X = 620;
const WIDTH = 1000;
const MOST_CHARACTERS = 46;

/**
 * Which tasks meet on which paths: tasks on the left, hot files on the right, a line for each claim;
 * dependencies as arcs beside the tasks. Paths are resources, so the number of lines is that of claims.
 */
export function graphSection(plan: Plan, { advice }: PlanReview): Markup {
  const paths = advice.costs.slice(0, MOST_PATHS).map(({ hot }) => hot);
  const shown = shownTasks(plan, paths);
  if (shown.length === 0) return html``;
  const taskRow = new Map(shown.map(({ id }, at) => [id, at]));
  const ordered = [...paths].sort((a, b) => middle(a, taskRow) - middle(b, taskRow));
  const rows = Math.max(shown.length, ordered.length);
  const y = (row: number, of: number): number => 20 + (row + (rows - of) / 2) * ROW;
  const taskY = (id: string): number => y(taskRow.get(id) ?? 0, shown.length);
  const hidden = advice.costs.length - paths.length;
  return html`<section aria-labelledby="graph">
<h2 id="graph">Tasks and the paths that they share</h2>
<div class="scroll"><svg class="graph" viewBox="0 0 ${WIDTH} ${rows * ROW + 20}" role="group" aria-label="Graph: tasks on the left, hot files on the right. The tables have the same facts.">
${ordered.map(({ path, count: files, tasks }, at) => {
  const row = y(at, ordered.length);
  const more = files > 1 ? ` and ${files - 1} more` : '';
  return html`<g class="path"><title>${path}${more}: ${tasks.join(', ')}</title>${tasks
    .filter((id) => taskRow.has(id))
    .map((id) => {
      const from = taskY(id);
      return html`<path class="claim" d="M${TASK_X + 8} ${from} C${TASK_X + 130} ${from} ${PATH_X - 130} ${row} ${PATH_X - 8} ${row}"/>`;
    })}<circle class="hub" cx="${PATH_X}" cy="${row}" r="5"/><text x="${PATH_X + 12}" y="${row + 4}">${shorten(`${path}${more}`)}</text></g>`;
})}
${shown.flatMap(({ id, dependsOn }) =>
  dependsOn
    .filter((other) => taskRow.has(other))
    .map((other) => arc(taskY(other), taskY(id), `${id} waits for ${other}`)),
)}
${shown.map(
  ({ id, title }) =>
    html`<a href="#task-${id}"><title>${id} ${title}</title><circle class="task" cx="${TASK_X}" cy="${taskY(id)}" r="5"/><text class="end" x="${TASK_X - 30}" y="${taskY(id) + 4}">${shorten(`${id} ${title}`)}</text></a>`,
)}
</svg></div>
<p class="legend">A line is a claim; tasks with lines to one path take turns. Dashed arcs are dependencies. Tasks without conflicts are left out${
    hidden > 0 ? `, and so are ${count(hidden, 'cheaper path')}` : ''
  }.</p>
</section>`;
}

function shownTasks({ tasks }: Plan, paths: readonly HotFileGroup[]): Plan['tasks'] {
  const ids = new Set(tasks.map(({ id }) => id));
  const involved = new Set(paths.flatMap((path) => path.tasks));
  for (const { id, dependsOn } of tasks) {
    for (const other of dependsOn.filter((one) => ids.has(one))) involved.add(id).add(other);
  }
  return tasks.filter(({ id }) => involved.has(id));
}

/** The average row of a path's tasks: paths in this order cross few lines. */
function middle({ tasks }: HotFileGroup, rows: ReadonlyMap<string, number>): number {
  return tasks.reduce((total, id) => total + (rows.get(id) ?? 0), 0) / tasks.length;
}

function arc(from: number, to: number, title: string): Markup {
  const reach = TASK_X - 12 - Math.min(16, Math.abs(to - from) / 6);
  return html`<path class="after" d="M${TASK_X - 8} ${from} C${reach} ${from} ${reach} ${to} ${TASK_X - 8} ${to}"><title>${title}</title></path>`;
}

function shorten(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}
