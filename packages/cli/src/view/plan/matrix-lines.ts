import type { Plan, PlanReview } from '@pwt/default';
import type { Page } from './page.js';
import { type PairRelation, pairRelations } from './pair-relations.js';

/** The largest plan that is drawn as a matrix. */
export const MOST_MATRIX_TASKS = 40;

const LEGEND = '× conflict   ? possible   → waits for   · independent';

/**
 * Which two tasks may run at the same time, as a triangle: each row against the columns of the tasks before it.
 * Nothing for a single task, for more than forty, and for a terminal that is too narrow. Pure.
 */
export function matrixLines(plan: Plan, review: PlanReview, page: Page): string[] {
  const ids = plan.tasks.map(({ id }) => id);
  const width = ids.reduce((longest, id) => Math.max(longest, id.length), 0);
  const tooWide = page.columns !== undefined && width + 2 * ids.length > page.columns;
  if (ids.length < 2 || ids.length > MOST_MATRIX_TASKS || tooWide) return [];
  const relation = pairRelations(plan, review);
  const signs = paintedSigns(page);
  const rows = ids.slice(1).map(
    (row, at) =>
      `${row.padEnd(width)} ${ids
        .slice(0, at + 1)
        .map((column) => ` ${signs[relation(row, column)]}`)
        .join('')}`,
  );
  return [...columnHeads(ids.slice(0, -1), width), ...rows, page.colours.dim(LEGEND)];
}

/** The ids from top to bottom, ending on the same line. */
function columnHeads(ids: readonly string[], width: number): string[] {
  const height = ids.reduce((longest, id) => Math.max(longest, id.length), 0);
  const standing = ids.map((id) => id.padStart(height));
  return Array.from({ length: height }, (_, at) =>
    `${' '.repeat(width + 1)}${standing.map((id) => ` ${id[at]}`).join('')}`.trimEnd(),
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
