import type { ReachedCap, RunState } from '@pwt/core';

const flags = { costUsd: '--max-cost', tokens: '--max-tokens' } as const;
const scopes = ['task', 'run', 'day'] as const;

/**
 * The flags, with a space in front, with which work goes on that has reached a cap: all caps of that kind, this one doubled.
 * Empty where none is reached. Pure.
 */
export function raisedCap({ options }: Pick<RunState, 'options'>, reached: ReachedCap | undefined): string {
  if (reached === undefined) return '';
  const { scope, unit } = reached;
  return scopes
    .flatMap((one) => {
      const cap = options?.budget?.[one]?.[unit];
      return cap === undefined ? [] : [` ${flags[unit]} ${one}=${one === scope ? doubled(reached) : cap}`];
    })
    .join('');
}

function doubled({ cap, used }: ReachedCap): number {
  return Math.ceil(2 * Math.max(cap, used) * 100) / 100;
}
