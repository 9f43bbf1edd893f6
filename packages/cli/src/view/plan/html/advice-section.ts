import type { PlanReview } from '@pwt/default';
import { formatPlace } from '../../../format/lists.js';
import { count, formatDuration } from '../../../format/units.js';
import { adviceSentence } from '../advice-lines.js';
import { html, type Markup } from './markup.js';

const MOST_NAMED = 12;
const MOST_COSTS = 15;

/** What to change to gain most, and what the contested paths cost. */
export function adviceSection({ advice: { steps, costs, moreInstances } }: PlanReview): Markup {
  if (costs.length === 0 && steps.length === 0) return html``;
  return html`<section aria-labelledby="advice">
<h2 id="advice">What would make it faster</h2>
${steps.length === 0 ? html`<p>No single change of the specs would shorten this run.</p>` : undefined}
<ol class="advice">${steps.map(
    (step) => html`<li><p>${sentenceCase(adviceSentence(step, MOST_NAMED)).replaceAll('`', '')}</p>
<ul class="places">${step.places
      .slice(0, MOST_NAMED)
      .map(
        ({ taskId, pattern, place }) =>
          html`<li><a href="#task-${taskId}">${taskId}</a> <code>${pattern}</code> <code class="place">${formatPlace(place)}</code></li>`,
      )}</ul></li>`,
  )}</ol>
${
  moreInstances &&
  html`<p>With ${moreInstances.maxInstances} agents at the same time: ${moreInstances.speedup.toFixed(1)} ×, ${formatDuration(moreInstances.savedMs)} earlier.</p>`
}
${costs.length === 0 ? undefined : costTable(costs)}
</section>`;
}

function costTable(costs: PlanReview['advice']['costs']): Markup {
  return html`<div class="scroll"><table class="costs">
<caption>Contested paths, by what they cost</caption>
<thead><tr><th scope="col">Path</th><th scope="col">Tasks that take turns</th><th scope="col">In all</th><th scope="col">Without it</th></tr></thead>
<tbody>${costs.slice(0, MOST_COSTS).map(
    ({ contested, loadMs, gain }) => html`<tr>
<th scope="row"><code>${contested.path}</code>${contested.count > 1 ? ` and ${contested.count - 1} more` : ''}</th>
<td>${contested.tasks.slice(0, MOST_NAMED).map((id) => html`<a href="#task-${id}">${id}</a> `)}${
      contested.tasks.length > MOST_NAMED ? `and ${contested.tasks.length - MOST_NAMED} more` : ''
    }</td>
<td>${formatDuration(loadMs)}</td>
<td>${gain && gain.savedMs > 0 ? `${formatDuration(gain.savedMs)} earlier` : '–'}</td></tr>`,
  )}</tbody></table></div>
${costs.length > MOST_COSTS ? html`<p class="more">and ${count(costs.length - MOST_COSTS, 'more path')}</p>` : undefined}`;
}

function sentenceCase(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
