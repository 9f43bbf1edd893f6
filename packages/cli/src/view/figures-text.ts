import { defined, type TaskFigures } from '@pwt/core';
import { formatDuration } from '../format/units.js';
import { usageText } from './usage-text.js';

/** What was measured of a task, each figure in its unit: `agent 3m 05s, gate 4.2s`. May be empty. Pure. */
export function figuresText(figures: TaskFigures): string {
  const { inputTokens, outputTokens, costUsd, ...measured } = figures;
  const times = Object.entries(measured).map(
    ([name, value]) => `${label(name)} ${name.endsWith('Ms') ? formatDuration(value) : value}`,
  );
  const used = usageText(defined({ inputTokens, outputTokens, costUsd }));
  return [...times, ...(used === '' ? [] : [used])].join(', ');
}

/** `gateMs` is `gate`, `queuedTasks` is `queued tasks`. */
function label(name: string): string {
  return name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
