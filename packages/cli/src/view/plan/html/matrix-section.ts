import type { Plan, PlanReview } from '@pwt/planner';
import { MOST_HTML_MATRIX_TASKS } from '../matrix-lines.js';
import { type PairRelation, pairRelations } from '../pair-relations.js';
import { html, type Markup } from './markup.js';

const cells: Readonly<Record<PairRelation, readonly [sign: string, words: string]>> = {
  conflict: ['×', 'conflict'],
  possible: ['?', 'possible'],
  waits: ['→', 'waits for'],
  awaited: ['←', 'is awaited by'],
  independent: ['·', 'independent'],
};

/** Which two tasks may run at the same time, as a table. */
export function matrixSection(plan: Plan, review: PlanReview): Markup {
  const ids = plan.tasks.map(({ id }) => id);
  if (ids.length < 2 || ids.length > MOST_HTML_MATRIX_TASKS) return html``;
  const relation = pairRelations(plan, review);
  return html`<section aria-labelledby="matrix">
<h2 id="matrix">Matrix</h2>
<div class="scroll"><table class="matrix">
<thead><tr><td></td>${ids.slice(0, -1).map((id) => html`<th scope="col"><a href="#task-${id}" title="${id}">${id}</a></th>`)}</tr></thead>
<tbody>${ids.slice(1).map(
    (row, at) =>
      html`<tr><th scope="row"><a href="#task-${row}" title="${row}">${row}</a></th>${ids
        .slice(0, at + 1)
        .map((column) => {
          const found = relation(row, column);
          const [sign, words] = cells[found];
          return html`<td class="${found}" title="${row} – ${column}: ${words}">${sign}</td>`;
        })}</tr>`,
  )}</tbody></table></div>
<p class="legend">× conflict &nbsp; ? possible &nbsp; → the row waits for the column &nbsp; · independent</p>
</section>`;
}
