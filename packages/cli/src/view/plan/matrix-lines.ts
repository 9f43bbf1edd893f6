import type { Plan, PlanReview } from '@pwt/planner';
import type { Page } from '../page.js';
import { type PairRelation, pairRelations } from './pair-relations.js';

/** The largest plan that is drawn as a matrix of characters. */
const MOST_MATRIX_TASKS = 40;

/** The largest plan that is drawn as a matrix on a page. */
export const MOST_HTML_MATRIX_TASKS = 120;

const LEGEND = '× conflict   ? possible   → waits for   · independent';

/**
 * Which two tasks may run at the same time, as a triangle: each row against the columns of the tasks before it.
 * Columns stand close together where a terminal is narrow. Nothing for a single task; where the matrix would be
 * too large, what else shows it. Pure.
 */
export function matrixLines(plan: Plan, review: PlanReview, page: Page): string[] {
  const ids = plan.tasks.map(({ id }) => id);
  if (ids.length < 2) return [];
  const width = ids.reduce((longest, id) => Math.max(longest, id.length), 0);
  const room = (page.columns ?? Number.POSITIVE_INFINITY) - width - 1;
  if (ids.length > MOST_MATRIX_TASKS || ids.length > room) return [page.colours.dim(tooLarge(ids.length))];
  const gap = 2 * ids.length > room ? '' : ' ';
  const relation = pairRelations(plan, review);
  const signs = paintedSigns(page);
  const rows = ids.slice(1).map(
    (row, at) =>
      `${row.padEnd(width)} ${ids
        .slice(0, at + 1)
        .map((column) => `${gap}${signs[relation(row, column)]}`)
        .join('')}`,
  );
  return [...columnHeads(ids.slice(0, -1), width, gap), ...rows, page.colours.dim(LEGEND)];
}

function tooLarge(tasks: number): string {
  return tasks > MOST_HTML_MATRIX_TASKS
    ? `${tasks} tasks are too many to draw: see \`pwt explain\` for two of them`
    : `${tasks} tasks are too many to draw here: see \`pwt plan --format html\``;
}

/** The ids from top to bottom, ending on the same line. */
function columnHeads(ids: readonly string[], width: number, gap: string): string[] {
  const height = ids.reduce((longest, id) => Math.max(longest, id.length), 0);
  const standing = ids.map((id) => id.padStart(height));
  return Array.from({ length: height }, (_, at) =>
    `${' '.repeat(width + 1)}${standing.map((id) => `${gap}${id[at]}`).join('')}`.trimEnd(),
  );
}

function paintedSigns({ colours: { red, yellow, cyan, dim } }: Page): Readonly<Record<PairRelation, string>> {
  return {
    conflict: red('×'),
    possible: yellow('?'),
    waits: cyan('→'),
    awaited: cyan('←'),
    independent: dim('·'),
  };
}
