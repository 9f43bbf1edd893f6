import type { Advice, PlanReview } from '@pwt/planner';
import { enumerate, formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';
import { formatDuration } from '../../format/units.js';
import { most, type Page, rowLines, wrapped } from '../page.js';

const MOST_NAMED = 8;

/** What to change in which spec to gain most, step by step, with the lines to change. Pure. */
export function adviceLines({ steps, moreInstances }: PlanReview['advice'], page: Page): string[] {
  return [
    ...steps.flatMap((step, at) => [
      ...wrapped(`${at + 1}. ${adviceSentence(step, most(page, MOST_NAMED))}`, page, '   '),
      ...places(step, page),
    ]),
    ...(moreInstances === undefined
      ? []
      : wrapped(
          `With --max-instances ${moreInstances.maxInstances}: ${times(moreInstances.speedup)}, ${formatDuration(moreInstances.savedMs)} earlier.`,
          page,
        )),
  ];
}

/** One change in one sentence, with what it would do. */
export function adviceSentence({ kind, paths, tasks, keptBy, before, after }: Advice, limit: number): string {
  const effect = `${times(before.speedup)} → ${times(after.speedup)}, ${formatDuration(after.savedMs)} earlier`;
  if (kind === 'name-files') return `name the files of ${enumerate(tasks, limit)}: at best ${effect}`;
  const what = enumerate(
    paths.map((path) => `\`${oneLine(path)}\``),
    Math.min(limit, 4),
  );
  const left = keptBy.length === 0 ? '' : ` (leave it to ${enumerate(keptBy, limit)})`;
  return `split ${what} out of ${enumerate(tasks, limit)}: ${effect}${left}`;
}

function places({ kind, places: all }: Advice, page: Page): string[] {
  const rows = all.map(({ taskId, pattern, place }) => [
    taskId,
    ...(kind === 'split' ? [oneLine(pattern)] : []),
    formatPlace(place) ?? '',
  ]);
  const limit = most(page, MOST_NAMED);
  return [
    ...rowLines(rows.slice(0, limit), '   ', page),
    ...(rows.length > limit ? [`   … and ${rows.length - limit} more`] : []),
  ];
}

function times(speedup: number): string {
  return `${speedup.toFixed(1)} ×`;
}
