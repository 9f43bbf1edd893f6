import { defined } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { formatPlace } from '../../../format/lists.js';
import { byPlace } from '../check-lines.js';
import { html, type Markup } from './markup.js';

/** What is wrong with the specs. */
export function findingsSection({ diagnostics }: Plan): Markup {
  if (diagnostics.length === 0) return html``;
  return html`<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
<ul class="findings">${[...diagnostics]
    .sort(byPlace)
    .map(
      ({ severity, code, message, hint, path, line }) =>
        html`<li class="${severity}"><b>${severity}</b> <code>${code}</code> ${message}${hint ? ` ${hint}` : ''} ${
          path === undefined
            ? undefined
            : html`<code class="place">${formatPlace({ path, ...defined({ line }) })}</code>`
        }</li>`,
    )}</ul>
</section>`;
}
