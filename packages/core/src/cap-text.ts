import type { CapScope, ReachedCap } from './budget.js';

const owners: Readonly<Record<CapScope, string>> = {
  task: 'the task',
  run: 'the run',
  day: 'all runs of this repository today',
};

/** A cap that is reached, such as `the run has used $20.31 of at most $20.00`. Pure. */
export function capText({ scope, unit, used, cap }: ReachedCap): string {
  const verb = scope === 'day' ? 'have' : 'has';
  const amount = (value: number) =>
    unit === 'costUsd' ? `$${value.toFixed(2)}` : value.toLocaleString('en');
  const noun = unit === 'costUsd' ? '' : ' tokens';
  return `${owners[scope]} ${verb} used ${amount(used)} of at most ${amount(cap)}${noun}`;
}
