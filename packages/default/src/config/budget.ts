import { type Budget, type Cap, type CapScope, defined } from '@pwt/core';
import type { ConfigValues } from './config-values.js';

const scopes: readonly CapScope[] = ['task', 'run', 'day'];

/** What a run may use, by its configuration; `undefined` if there is no limit. Pure. */
export function budgetOf({
  maxCost,
  maxTokens,
  onCap,
}: Pick<ConfigValues, 'maxCost' | 'maxTokens' | 'onCap'>): Budget | undefined {
  if (maxCost === undefined && maxTokens === undefined) return undefined;
  const caps = scopes.flatMap((scope): [CapScope, Cap][] => {
    const cap = defined({ costUsd: capOn(scope, maxCost), tokens: capOn(scope, maxTokens) });
    return Object.keys(cap).length === 0 ? [] : [[scope, cap]];
  });
  return { onCap, ...Object.fromEntries(caps) };
}

/** A number alone is for the run. */
function capOn(scope: CapScope, said: ConfigValues['maxCost']): number | undefined {
  if (typeof said === 'number') return scope === 'run' ? said : undefined;
  return said?.[scope];
}
