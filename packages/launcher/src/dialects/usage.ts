import { type AgentActivity, defined } from '@pwt/core';
import { numberOf, textOf } from './json.js';
import { oneLine } from './text.js';

/**
 * What a turn or a step has used, out of an event's fields, any of which may be missing. Each counts what is
 * new since the one before, so that the sum over a run is what the run has used.
 */
export function usage(
  text: string,
  fields: {
    readonly input?: unknown;
    readonly output?: unknown;
    readonly cost?: unknown;
    readonly session?: unknown;
  },
): AgentActivity {
  const sessionId = textOf(fields.session);
  const inputTokens = numberOf(fields.input);
  const outputTokens = numberOf(fields.output);
  const costUsd = numberOf(fields.cost);
  return {
    kind: 'usage',
    text: oneLine(text),
    ...defined({ sessionId, inputTokens, outputTokens, costUsd }),
  };
}
