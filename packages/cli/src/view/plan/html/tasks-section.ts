import type { Claim, Task, TaskClaims } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { formatPlace } from '../../../format/lists.js';
import { formatDuration } from '../../../format/units.js';
import { html, type Markup } from './markup.js';

/** Every task with its claims and the lines that say so. */
export function tasksSection({ tasks, claims, schedule }: Plan): Markup {
  const bars = new Map(schedule.timeline.map((bar) => [bar.taskId, bar]));
  return html`<section aria-labelledby="tasks">
<h2 id="tasks">Tasks</h2>
${tasks.map((task, at) => taskArticle(task, claims[at], bars.get(task.id)))}
</section>`;
}

function taskArticle(
  { id, title, dependsOn, specs }: Task,
  scope: TaskClaims | undefined,
  bar: { readonly startMs: number; readonly endMs: number } | undefined,
): Markup {
  const claims = scope?.claims ?? [];
  return html`<details class="task" id="task-${id}" open>
<summary><b>${id}</b> ${title}<span class="when">${
    bar ? `${formatDuration(bar.startMs)} – ${formatDuration(bar.endMs)}` : 'never starts'
  }</span></summary>
<p class="meta">${specs.map(({ path }) => html`<code>${path}</code> `)}${
    dependsOn.length > 0
      ? html`after ${dependsOn.map((other) => html`<a href="#task-${other}">${other}</a> `)}`
      : undefined
  }</p>
${
  scope?.unknownScope
    ? html`<p class="warning">No file is named: it runs alone.</p>`
    : html`<div class="scroll"><table class="claims"><thead><tr><th scope="col">Does</th><th scope="col">Path</th><th scope="col">Said at</th><th scope="col">Rule</th></tr></thead>
<tbody>${claims.map(claimRow)}</tbody></table></div>`
}
</details>`;
}

function claimRow({ mode, pattern, place, rule, confidence, class: kind }: Claim): Markup {
  const notes = [
    rule,
    ...(confidence === 'declared' ? [] : [confidence]),
    ...(kind === 'exclusive' ? [] : [kind]),
  ];
  return html`<tr><td>${mode}</td><td><code>${pattern}</code></td><td><code>${formatPlace(place) ?? ''}</code></td><td>${notes.join(', ')}</td></tr>`;
}
