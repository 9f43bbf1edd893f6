import type { ClaimAnalysis } from '@pwt/claims';
import type { Plan } from './plan.js';

/**
 * Which tasks of a plan conflict, and on which paths. Pure.
 *
 * @param options.pairs list pairs for more than 500 tasks, too
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
