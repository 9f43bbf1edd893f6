import type { AgentLauncher, Budget, Diagnostic } from '@pwt/core';

const units = {
  costUsd: { setting: 'maxCost', noun: 'what it costs', other: 'maxTokens', otherUnit: 'tokens' },
  tokens: { setting: 'maxTokens', noun: 'how many tokens it uses', other: 'maxCost', otherUnit: 'costUsd' },
} as const;

/** Says which caps can't be kept, since an agent does not tell what it uses. Pure. */
export function unmeasuredCaps(
  budget: Budget | undefined,
  { name, agents }: Pick<AgentLauncher, 'name' | 'agents'>,
): Diagnostic[] {
  if (budget === undefined) return [];
  const caps = [budget.task, budget.run, budget.day];
  const known = agents ?? [{ name, tells: { tokens: false, costUsd: false } }];
  return (['costUsd', 'tokens'] as const).flatMap((unit) => {
    if (!caps.some((cap) => cap?.[unit] !== undefined)) return [];
    const { setting, noun, other, otherUnit } = units[unit];
    return known
      .filter(({ tells }) => !tells[unit])
      .map(
        (agent): Diagnostic => ({
          code: 'PWT_CAP_UNMEASURED',
          severity: 'warning',
          message: `${agent.name} does not tell ${noun}, so ${setting} does not hold for it.`,
          hint: agent.tells[otherUnit]
            ? `It tells the other: set ${other}.`
            : 'What limits it is the time: set timeout.',
        }),
      );
  });
}
