import { formatDuration } from '../format/units.js';

/** When something ran. */
export interface TimelineBar {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Bars on a common scale, one line each, with the time each took. Pure. */
export function timelineLines(bars: readonly TimelineBar[], width: number): string[] {
  const total = bars.reduce((last, bar) => Math.max(last, bar.endMs), 0);
  if (total === 0) return [];
  const labels = bars.reduce((longest, { label }) => Math.max(longest, label.length), 0);
  const room = Math.max(10, width - labels - 14);
  const column = (ms: number): number => Math.round((ms / total) * room);
  return bars.map(({ label, startMs, endMs }) => {
    const start = column(startMs);
    const length = Math.max(1, column(endMs) - start);
    const bar = `${' '.repeat(start)}${'█'.repeat(length)}`.padEnd(room);
    return `${label.padEnd(labels)}  ${bar}  ${formatDuration(endMs - startMs)}`;
  });
}
