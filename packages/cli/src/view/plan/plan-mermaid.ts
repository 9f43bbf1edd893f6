import type { Plan, PlanReview } from '@pwt/planner';
import { oneLine } from '../../format/text.js';
import { agentLanes } from './agent-lanes.js';

/** Paths beyond this make no readable graph; the most expensive come first. */
const MOST_PATHS = 60;
const EPOCH = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/**
 * A plan as Markdown with two Mermaid diagrams: which tasks share which paths and wait for which, and when each
 * runs on which agent (from an imaginary midnight on). Pure; nothing from a spec can end a label or a fence.
 */
export function planMermaid(plan: Plan, review: PlanReview): string {
  return ['```mermaid', ...graph(plan, review), '```', '', '```mermaid', ...gantt(plan), '```'].join('\n');
}

function graph({ tasks, claims }: Plan, { advice }: PlanReview): string[] {
  const nodes = new Map(tasks.map(({ id }, at) => [id, `t${at}`]));
  const alone = claims.flatMap(({ taskId, unknownScope }) => (unknownScope ? [nodes.get(taskId)] : []));
  const paths = advice.costs.slice(0, MOST_PATHS).map(({ hot }) => hot);
  return [
    'flowchart LR',
    ...tasks.map(({ id, title }) => `  ${nodes.get(id)}["${quoted(id === title ? id : `${id} ${title}`)}"]`),
    ...paths.map(({ path, count }, at) => {
      const more = count > 1 ? ` and ${count - 1} more` : '';
      return `  p${at}(["${quoted(`${path}${more}`)}"])`;
    }),
    ...paths.flatMap(({ tasks: ids }, at) => ids.map((id) => `  ${nodes.get(id)} --- p${at}`)),
    ...tasks.flatMap(({ id, dependsOn }) =>
      dependsOn.flatMap((other) =>
        nodes.has(other) ? [`  ${nodes.get(other)} -->|then| ${nodes.get(id)}`] : [],
      ),
    ),
    '  classDef path stroke-dasharray: 4 3',
    '  classDef alone stroke-width: 4px',
    ...(paths.length > 0 ? [`  class ${paths.map((_, at) => `p${at}`).join(',')} path`] : []),
    ...(alone.length > 0 ? [`  class ${alone.join(',')} alone`] : []),
  ];
}

function gantt({ tasks, schedule }: Plan): string[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  return [
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    `  axisFormat ${schedule.predicted.makespanMs > DAY_MS ? 'day %-j %H:%M' : '%H:%M'}`,
    ...agentLanes(schedule.timeline).flatMap((lane, at) => [
      `  section agent ${at + 1}`,
      ...lane.map(({ taskId, startMs, endMs }) => {
        const start = new Date(EPOCH + startMs).toISOString().slice(0, 19).replace('T', ' ');
        const seconds = Math.max(1, Math.round((endMs - startMs) / 1000));
        return `  ${plain(`${taskId} ${titles.get(taskId) ?? ''}`)} : ${start}, ${seconds}s`;
      }),
    ]),
  ];
}

/** A label between quotes: everything but letters, digits and harmless signs as a Mermaid entity. */
function quoted(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} ./_,()+-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

/** A name in a gantt chart, where entities don't work and `:` `;` `#` `,` have a meaning. */
function plain(text: string): string {
  return oneLine(text.replace(/[^\p{L}\p{N} ./_()+-]/gu, ' '));
}
