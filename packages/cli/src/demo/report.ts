import type { Colours } from '../format/colours.js';
import { formatDuration } from '../format/units.js';
import { resultLines } from '../view/result-text.js';
import { timelineLines } from '../view/timeline-text.js';
import type { DemoRun } from './run-demo.js';

export interface DemoReport {
  readonly first: DemoRun;
  /** Absent if there was nothing to compare with. */
  readonly second: DemoRun | undefined;
  readonly root: string;
  readonly asPlanned: boolean;
  readonly columns: number;
  readonly colours: Colours;
}

/** What the demo has shown, and where to look, as lines. Pure. */
export function demoReport({ first, second, root, asPlanned, columns, colours }: DemoReport): string[] {
  const { bold } = colours;
  return [
    '',
    ...resultLines(first.result, colours, { columns }),
    '',
    bold('Timeline, from dispatch to integration'),
    ...timelineLines(first.bars, columns),
    '',
    ...(second ? [bold(comparison(first, second)), ''] : []),
    asPlanned
      ? 'Seven tasks landed through the gate; task 8 failed as planned and kept its worktree.'
      : 'This did not go as planned. The logs say why.',
    '',
    'Look around:',
    `  cd ${root}`,
    '  git log --graph --oneline',
    '  pwt status',
    '  pwt plan',
    '  pwt logs 8',
  ];
}

function comparison(first: DemoRun, second: DemoRun): string {
  const speedup = first.durationMs === 0 ? 1 : second.durationMs / first.durationMs;
  return `${formatDuration(first.durationMs)} instead of ${formatDuration(second.durationMs)} one by one: ${speedup.toFixed(1)} × faster, measured.`;
}
