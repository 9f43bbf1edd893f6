import type { AgentUsage } from './launcher.js';
import { tokensOf } from './usage.js';

/** The most that may be used. What is absent has no limit. */
export interface Cap {
  /** In US dollars. */
  readonly costUsd?: number;
  /** Tokens that are read and written. */
  readonly tokens?: number;
}

/** For what a cap holds: all attempts at one task, the run, or all runs of a repository on one day. */
export type CapScope = 'task' | 'run' | 'day';

/** What a run may use. */
export interface Budget extends Readonly<Partial<Record<CapScope, Cap>>> {
  /** What becomes of agents that run when a cap is reached. */
  readonly onCap: 'finish' | 'stop';
}

/** A cap that is reached. */
export interface ReachedCap {
  readonly scope: CapScope;
  readonly unit: keyof Cap;
  readonly cap: number;
  readonly used: number;
}

/** The cap that this use reaches; `undefined` if it is below, or not known. Pure. */
export function reachedCap(
  { scope, cap }: { readonly scope: CapScope; readonly cap: Cap | undefined },
  usage: AgentUsage,
): ReachedCap | undefined {
  if (cap === undefined) return undefined;
  return (
    reached(scope, 'costUsd', cap.costUsd, usage.costUsd) ??
    reached(scope, 'tokens', cap.tokens, tokensOf(usage))
  );
}

function reached(
  scope: CapScope,
  unit: keyof Cap,
  cap: number | undefined,
  used: number | undefined,
): ReachedCap | undefined {
  return cap !== undefined && used !== undefined && used >= cap ? { scope, unit, cap, used } : undefined;
}
