import type { ClaimAnalysis } from '@pwt/separator';
import type { Plan } from './compose-plan.js';

/**
 * Which tasks of a plan keep each other from running at the same time, and on which paths. Pure.
 *
 * @param options.pairs list pairs also for more than 500 tasks
 */
export async function analysePlan(
  plan: Plan,
  options: { readonly pairs?: boolean } = {},
): Promise<ClaimAnalysis> {
  const { analyseClaims } = await import('@pwt/separator');
  const { claims, tree } = plan;
  return analyseClaims({
    claims,
    tree,
    ...(options.pairs ? { maxPairTasks: Number.POSITIVE_INFINITY } : {}),
  });
}
