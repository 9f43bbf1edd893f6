import type { PairExplanation, Plan, PlanReview, ReviewPlanOptions } from '@pwt/planner';
import { ownTokens } from '../../composition/own-tokens.js';
import type { OperationContext } from '../operation-context.js';

/** What keeps which tasks of a plan apart, what that costs, and what to change. */
export async function review(
  context: OperationContext,
  plan: Plan,
  { pairs = false }: Pick<ReviewPlanOptions, 'pairs'> = {},
): Promise<PlanReview> {
  const [{ container }, { reviewPlan }] = await Promise.all([context.compose(), import('@pwt/planner')]);
  const { maxInstances, separation } = context.config;
  const cache = await container.resolve(ownTokens.cache);
  const intercept = () => interceptOf(context, plan);
  return reviewPlan(plan, { maxInstances, separation, pairs, cache, intercept });
}

/** Why two tasks of a plan may, or may not, run at the same time. */
export async function explain(
  context: OperationContext,
  plan: Plan,
  ids: readonly [string, string],
): Promise<PairExplanation> {
  const { explainPair } = await import('@pwt/planner');
  return explainPair(plan, ids, await interceptOf(context, plan));
}

async function interceptOf(context: OperationContext, { tree }: Pick<Plan, 'tree'>): Promise<number> {
  const { container } = await context.compose();
  const [{ learnedIntercept }, journals, cache] = await Promise.all([
    import('../../composition/parts/learned-intercept.js'),
    container.resolve(ownTokens.journals),
    container.resolve(ownTokens.cache),
  ]);
  return learnedIntercept({ journals, tree, cache });
}
