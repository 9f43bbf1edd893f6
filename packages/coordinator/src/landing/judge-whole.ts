import type { CommitId, Gate, GatePurpose, Verdict } from '@pwt/core';
import { treeOf } from '../pipeline/known-verdicts.js';
import { runGate } from '../pipeline/run-gate.js';
import { failingOf } from '../pipeline/verdicts.js';
import { flake } from '../pipeline/warnings.js';
import type { RunContext } from '../run/run-context.js';
import { warn } from '../run/warn.js';

/** Something that was joined as a whole: new commits of the target, or work that a person has chosen. */
export interface JoinedWhole {
  /** See `GatedState`. */
  readonly taskIds: readonly string[];
  readonly purpose: Extract<GatePurpose, 'target' | 'choice'>;
  readonly onto: CommitId;
  readonly commit: CommitId;
  /** A red is known of it by now: one look is enough. */
  readonly isKnownRed: boolean;
}

/** `stopped`: the run is being stopped, and the gate gave no verdict. */
export type WholeVerdict =
  | { readonly status: 'passed' | 'stopped' }
  | { readonly status: 'rejected'; readonly verdict: Verdict };

/**
 * Whether the gate lets it through. It is at fault for what is red with it, each time it is looked at, and green without: as a
 * task would be.
 */
export async function judgeWhole(
  context: RunContext,
  gate: Gate,
  { taskIds, purpose, onto, commit, isKnownRed }: JoinedWhole,
): Promise<WholeVerdict> {
  const tree = await treeOf(context, commit);
  const job = { taskIds, onto, commit, tree, purpose } as const;
  const first = await runGate(context, gate, job);
  if (first === undefined) return { status: 'stopped' };
  if (first.status === 'green') return { status: 'passed' };
  if (first.status === 'broken' || isKnownRed) return { status: 'rejected', verdict: first };
  const second = await runGate(context, gate, { ...job, again: true, complete: true });
  if (second === undefined) return { status: 'stopped' };
  if (second.status === 'broken') return { status: 'rejected', verdict: second };
  const before = failingOf(first);
  const failing = failingOf(second).filter((name) => before.includes(name));
  if (failing.length === 0) {
    await warn(context, flake({ tip: onto, members: taskIds }, commit));
    return { status: 'passed' };
  }
  const base = { taskIds: [], onto, commit: onto, purpose: 'base', complete: true } as const;
  const without = await runGate(context, gate, base);
  if (without === undefined) return { status: 'stopped' };
  const excused = without.status === 'broken' ? [] : failingOf(without);
  const isNoWorse = failing.every((name) => excused.includes(name));
  return isNoWorse ? { status: 'passed' } : { status: 'rejected', verdict: second };
}
