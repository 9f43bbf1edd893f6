import { truncate } from '../format/text.js';
import { formatDuration } from '../format/units.js';

/** What a duration and the gaps between columns take. */
const OTHER_COLUMNS = 14;

/** When something ran. */
export interface TimelineBar {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Bars on a common scale, one line each, with the time each took. Half of the width is for bars, however long
 * the labels are: these are cut, or the lines get longer. Pure.
 *
 * @param whole whether lines may be longer, so that no label has to be cut
 */
export function timelineLines(bars: readonly TimelineBar[], width: number, whole = false): string[] {
  const total = bars.reduce((last, bar) => Math.max(last, bar.endMs), 0);
  if (total === 0) return [];
  const half = Math.max(10, Math.floor(width / 2));
  const longest = bars.reduce((most, { label }) => Math.max(most, label.length), 0);
  const labels = whole ? longest : Math.min(longest, Math.max(1, width - half - OTHER_COLUMNS));
  const room = Math.max(half, width - labels - OTHER_COLUMNS);
  const column = (ms: number): number => Math.round((ms / total) * room);
  return bars.map(({ label, startMs, endMs }) => {
    const start = column(startMs);
    const length = Math.max(1, column(endMs) - start);
    const bar = `${' '.repeat(start)}${'█'.repeat(length)}`.padEnd(room);
    return `${truncate(label, labels).padEnd(labels)}  ${bar}  ${formatDuration(endMs - startMs)}`;
  });
}
