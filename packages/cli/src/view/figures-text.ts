import type { TaskFigures } from '@pwt/core';
import { formatDuration } from '../format/units.js';

/** What was measured of a task, each figure in its unit: `agent 3m 05s, gate 4.2s`. May be empty. Pure. */
export function figuresText(figures: TaskFigures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${label(name)} ${name.endsWith('Ms') ? formatDuration(value) : value}`)
    .join(', ');
}

/** `gateMs` is `gate`, `inputTokens` is `input tokens`. */
function label(name: string): string {
  return name.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
