import type { Plan } from '@pwt/planner';
import { formatDuration } from '../../../format/units.js';
import { agentLanes } from '../agent-lanes.js';
import { html, type Markup } from './markup.js';

const WIDTH = 1000;
const LEFT = 70;
const LANE = 34;
const TOP = 24;
/** The average width of a character, for what fits into a bar. */
const CHARACTER = 7;

/** When each task would run, one row for each agent. */
export function timelineSection(plan: Plan): Markup {
  const { schedule, tasks, claims } = plan;
  const total = schedule.predicted.makespanMs;
  if (total === 0) return html``;
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const alone = new Set(claims.flatMap(({ taskId, unknownScope }) => (unknownScope ? [taskId] : [])));
  const lanes = agentLanes(schedule.timeline);
  const height = TOP + lanes.length * LANE + 4;
  const x = (ms: number): number => LEFT + (ms / total) * (WIDTH - LEFT - 8);
  return html`<section aria-labelledby="timeline">
<h2 id="timeline">Timeline</h2>
<div class="scroll"><svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="Timeline: when each task runs, by agent. The table of tasks has the same figures.">
${ticks(total).map(
  (at) =>
    html`<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${TOP - 4}" y2="${height}"/><text class="tick" x="${x(at)}" y="14">${at === 0 ? '0' : formatDuration(at)}</text>`,
)}
${lanes.map((lane, row) => {
  const y = TOP + row * LANE;
  return html`<text class="lane" x="0" y="${y + 20}">agent ${row + 1}</text>${lane.map(
    ({ taskId, startMs, endMs }) => {
      const width = Math.max(2, x(endMs) - x(startMs) - 2);
      const title = titles.get(taskId) ?? '';
      return html`<a href="#task-${taskId}"><title>${taskId} ${title}: from ${formatDuration(startMs)} to ${formatDuration(endMs)}</title><rect class="bar${alone.has(taskId) ? ' alone' : ''}" x="${x(startMs)}" y="${y + 2}" width="${width}" height="${LANE - 6}" rx="4"/><text class="label" x="${x(startMs) + 6}" y="${y + 20}">${labelFor(taskId, title, width - 10)}</text></a>`;
    },
  )}`;
})}
</svg></div>
<p class="legend"><span class="key bar"></span> task <span class="key alone"></span> runs alone: no file is named</p>
</section>`;
}

/** As much of id and title as fits. */
function labelFor(id: string, title: string, width: number): string {
  const room = Math.floor(width / CHARACTER);
  const text = `${id} ${title}`;
  if (text.length <= room) return text;
  if (id.length > room) return '';
  return room < id.length + 4 ? id : `${text.slice(0, room - 1)}…`;
}

/** Four to eight round times on the scale. */
function ticks(totalMs: number): readonly number[] {
  const minute = 60_000;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 7200, 14_400, 43_200].map(
    (n) => n * minute,
  );
  const step = totalMs < 4 * minute ? totalMs / 4 : (steps.find((one) => totalMs / one <= 8) ?? totalMs / 6);
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, at) => at * step);
}
