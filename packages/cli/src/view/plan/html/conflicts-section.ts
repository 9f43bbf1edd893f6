import type { PlanReview, RatedPair } from '@pwt/planner';
import { formatPlace } from '../../../format/lists.js';
import { count, formatChance, formatDuration } from '../../../format/units.js';
import { html, type Markup } from './markup.js';

const MOST_NAMED = 12;
const MOST_PATHS = 40;
const MOST_PAIRS = 40;

/** Why tasks can't run at the same time, by what it costs, and the pairs that may conflict; each with its lines in the specs. */
export function conflictsSection({ advice: { costs }, possible }: PlanReview): Markup {
  if (costs.length === 0 && possible.length === 0) return html``;
  return html`<section aria-labelledby="conflicts">
<h2 id="conflicts">Conflicts</h2>
${costs.length === 0 ? undefined : costTable(costs)}
${possible.length === 0 ? undefined : possibleTable(possible)}
</section>`;
}

function costTable(costs: PlanReview['advice']['costs']): Markup {
  return html`<div class="scroll"><table class="costs">
<caption>Hot files, by what they cost</caption>
<thead><tr><th scope="col">Path</th><th scope="col">Tasks that take turns</th><th scope="col">In all</th><th scope="col">Without it</th></tr></thead>
<tbody>${costs.slice(0, MOST_PATHS).map(costRow)}</tbody></table></div>
${moreLine(costs.length - MOST_PATHS, 'more path')}`;
}

function costRow({ hot, loadMs, gain }: PlanReview['advice']['costs'][number]): Markup {
  const { path, count: files, tasks, claims } = hot;
  return html`<tr>
<th scope="row"><code>${path}</code>${files > 1 ? ` and ${files - 1} more` : ''}
<details><summary>${count(claims.length, 'line')}</summary><ul class="places">${claims.map(
    ({ taskId, claim }) =>
      html`<li>${link(taskId)} ${claim.mode} <code>${claim.pattern}</code> <code class="place">${formatPlace(claim.place) ?? claim.rule}</code></li>`,
  )}</ul></details></th>
<td>${tasks.slice(0, MOST_NAMED).map((id) => html`${link(id)} `)}${
    tasks.length > MOST_NAMED ? `and ${tasks.length - MOST_NAMED} more` : ''
  }</td>
<td>${formatDuration(loadMs)}</td>
<td>${gain && gain.savedMs > 0 ? `${formatDuration(gain.savedMs)} earlier` : '–'}</td></tr>`;
}

function possibleTable(possible: readonly RatedPair[]): Markup {
  return html`<div class="scroll"><table class="costs">
<caption>Pairs that may conflict, with the probability of a conflict</caption>
<thead><tr><th scope="col">Tasks</th><th scope="col">Chance</th><th scope="col">Path</th><th scope="col">Said at</th></tr></thead>
<tbody>${possible.slice(0, MOST_PAIRS).map(
    ({ tasks: [a, b], probability, witness, mine, theirs }) => html`<tr>
<th scope="row">${link(a)} – ${link(b)}</th><td>${formatChance(probability)}</td><td><code>${witness}</code></td>
<td>${[mine, theirs].map(({ place }) => html`<div><code class="place">${formatPlace(place) ?? ''}</code></div>`)}</td></tr>`,
  )}</tbody></table></div>
${moreLine(possible.length - MOST_PAIRS, 'more pair')}`;
}

function moreLine(left: number, noun: string): Markup | undefined {
  return left > 0 ? html`<p class="more">and ${count(left, noun)}</p>` : undefined;
}

function link(id: string): Markup {
  return html`<a href="#task-${id}">${id}</a>`;
}
