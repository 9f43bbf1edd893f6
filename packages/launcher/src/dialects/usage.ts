import { type AgentActivity, defined } from '@pwt/core';
import type { Reading, Used } from './dialect.js';
import { numberOf, textOf } from './json.js';
import { oneLine } from './text.js';

/** The fields of an event that tell what was used, any of which may be missing or of another type. */
export interface UsageFields {
  /** Everything that the model has read, also out of a cache: the parts are added up. */
  readonly input?: readonly unknown[];
  /** Everything that it has written. */
  readonly output?: readonly unknown[];
  readonly cost?: unknown;
  readonly id?: unknown;
}

/** What a step, an attempt or a session has used; `undefined` if the event tells nothing. */
export function usedOf(of: Used['of'], fields: UsageFields): Used | undefined {
  const { input = [], output = [], cost } = fields;
  const inputTokens = sumOf(input);
  const outputTokens = sumOf(output);
  const costUsd = numberOf(cost);
  if (inputTokens === undefined && outputTokens === undefined && costUsd === undefined) return undefined;
  return { of, ...defined({ id: textOf(fields.id), inputTokens, outputTokens, costUsd }) };
}

/** A turn or a step is over: what it has used, as an activity and for the total. */
export function usage(
  text: string,
  used: Used | undefined,
  session?: unknown,
): Pick<Reading, 'used'> & { readonly activity: AgentActivity } {
  const { inputTokens, outputTokens, costUsd } = used ?? {};
  const facts = defined({ sessionId: textOf(session), inputTokens, outputTokens, costUsd });
  return { activity: { kind: 'usage', text: oneLine(text), ...facts }, ...defined({ used }) };
}

function sumOf(values: readonly unknown[]): number | undefined {
  const numbers = values.map(numberOf).filter((one) => one !== undefined);
  return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0);
}
