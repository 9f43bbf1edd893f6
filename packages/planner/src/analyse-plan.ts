import type { ClaimAnalysis } from '@pwt/claims';
import type { Plan } from './plan.js';

/**
 * Which tasks of a plan keep each other from running at the same time, and on which paths. Pure.
 *
 * @param options.pairs list pairs also for more than 500 tasks
 */
export async function analysePlan(
  plan: Plan,
  options: { readonly pairs?: boolean } = {},
): Promise<ClaimAnalysis> {
  const { analyseClaims } = await import('@pwt/claims');
  const { claims, table, tree } = plan;
  return analyseClaims({
    claims,
    table,
    tree,
    ...(options.pairs ? { maxPairTasks: Number.POSITIVE_INFINITY } : {}),
  });
}
