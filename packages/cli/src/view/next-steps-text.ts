import type { NextStep } from '@pwt/default';
import { oneLine } from '../format/text.js';

/** What to do next as lines: why, then what shows more, then the command itself. Pure. */
export function nextStepLines(steps: readonly NextStep[]): string[] {
  return steps.flatMap(({ action, why, taskIds, command, look }) => [
    ...why.map(oneLine),
    ...(look === undefined ? [] : [`Look at ${taskIds.join(', ')}: ${look}`]),
    ...(command === undefined ? [] : [`${action}: ${command}`]),
  ]);
}
