import { createHash } from 'node:crypto';
import type { Plan, PlanReview } from '@pwt/planner';
import { count, formatDuration } from '../../../format/units.js';
import { adviceSection } from './advice-section.js';
import { conflictsSection } from './conflicts-section.js';
import { findingsSection } from './findings-section.js';
import { graphSection } from './graph-section.js';
import { html, type Markup } from './markup.js';
import { matrixSection } from './matrix-section.js';
import { style } from './style.js';
import { tasksSection } from './tasks-section.js';
import { timelineSection } from './timeline-section.js';

export interface PlanHtmlOptions {
  readonly maxInstances: number;
}

/**
 * A plan as one page that needs nothing else: no script, no font, no image, no network. A policy in the page
 * forbids all of them, except for its own style sheet, which is named by its hash. Pure.
 */
export function planHtml(plan: Plan, review: PlanReview, options: PlanHtmlOptions): string {
  const css = style;
  const hash = createHash('sha256').update(css).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>pwt plan: ${count(plan.tasks.length, 'task')}</title>
<style>${{ markup: css }}</style>
</head>
<body>
<header>${summary(plan, options)}</header>
<main>
${[
  adviceSection(review),
  timelineSection(plan),
  conflictsSection(review),
  graphSection(plan, review),
  matrixSection(plan, review),
  tasksSection(plan),
  findingsSection(plan),
]}
</main>
<footer>Made by <code>pwt plan --format html</code> for ${plan.target} at <code>${plan.base.slice(0, 12)}</code>.</footer>
</body>
</html>`;
  return page.markup;
}

function summary({ tasks, schedule, target }: Plan, { maxInstances }: PlanHtmlOptions): Markup {
  const { predicted, bound } = schedule;
  const figures: readonly (readonly [string, string])[] = [
    [`${predicted.speedup.toFixed(1)} ×`, 'faster than one by one'],
    [formatDuration(predicted.makespanMs), `instead of ${formatDuration(predicted.sequentialMs)}`],
    [formatDuration(bound.ms), 'is the least that any schedule takes'],
    [String(maxInstances), maxInstances === 1 ? 'agent at a time' : 'agents at the same time'],
  ];
  return html`<h1>${count(tasks.length, 'task')} <span>onto ${target}</span></h1>
<dl class="figures">${figures.map(([value, words]) => html`<div><dt>${words}</dt><dd>${value}</dd></div>`)}</dl>`;
}
