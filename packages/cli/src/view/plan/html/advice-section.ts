import type { PlanReview } from '@pwt/planner';
import { formatPlace } from '../../../format/lists.js';
import { formatDuration } from '../../../format/units.js';
import { adviceSentence } from '../advice-lines.js';
import { html, type Markup } from './markup.js';

const MOST_NAMED = 12;

/** What to change to gain most. */
export function adviceSection({ advice: { steps, costs, moreInstances } }: PlanReview): Markup {
  if (costs.length === 0 && steps.length === 0 && moreInstances === undefined) return html``;
  return html`<section aria-labelledby="advice">
<h2 id="advice">What would make it faster</h2>
${steps.length === 0 ? html`<p>No change of the specs was found that would shorten this run.</p>` : undefined}
<ol class="advice">${steps.map(
    (step) => html`<li><p>${sentenceCase(adviceSentence(step, MOST_NAMED)).replaceAll('`', '')}</p>
<ul class="places">${step.places
      .slice(0, MOST_NAMED)
      .map(
        ({ taskId, pattern, place }) =>
          html`<li><a href="#task-${taskId}">${taskId}</a> ${step.kind === 'split' ? html`<code>${pattern}</code> ` : undefined}<code class="place">${formatPlace(place)}</code></li>`,
      )}</ul></li>`,
  )}</ol>
${
  moreInstances &&
  html`<p>With ${moreInstances.maxInstances} agents at the same time: ${moreInstances.speedup.toFixed(1)} ×, ${formatDuration(moreInstances.savedMs)} earlier.</p>`
}
</section>`;
}

function sentenceCase(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
