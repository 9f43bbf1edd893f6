import type { Finding } from '@pwt/core';
import type { NextStep } from '@pwt/default';
import { oneLine } from '../format/text.js';

/**
 * What to do next as lines: why, then what shows more, then the command itself. Pure.
 *
 * @param findings what is printed above: a reason that one of them gives is not repeated
 */
export function nextStepLines(steps: readonly NextStep[], findings: readonly Finding[] = []): string[] {
  const isSaid = (reason: string): boolean =>
    findings.some(
      ({ message, hint, resolved }) =>
        resolved !== true && (hint === reason || message.startsWith(reason.replace(/^Not landed: /, ''))),
    );
  return steps.flatMap(({ action, why, taskIds, command, look }) => [
    ...why.filter((reason) => !isSaid(reason)).map(oneLine),
    ...(look === undefined ? [] : [`Look at ${taskIds.join(', ')}: ${look}`]),
    ...(command === undefined ? [] : [`${action}: ${command}`]),
  ]);
}
