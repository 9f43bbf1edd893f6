import { type AgentUsage, tokensOf } from '@pwt/core';

/** What agents have used, as far as they tell: `1.2M tokens, $0.35`. May be empty. Pure. */
export function usageText(usage: AgentUsage): string {
  const tokens = tokensOf(usage);
  return [
    ...(tokens === undefined ? [] : [`${short(tokens)} tokens`]),
    ...(usage.costUsd === undefined ? [] : [`$${usage.costUsd.toFixed(2)}`]),
  ].join(', ');
}

function short(amount: number): string {
  if (amount < 1000) return String(amount);
  return amount < 999_500 ? `${Math.round(amount / 1000)}k` : `${(amount / 1_000_000).toFixed(1)}M`;
}
