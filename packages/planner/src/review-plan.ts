import type { ClaimAnalysis } from '@pwt/claims';
import type { SeparationPolicy } from '@pwt/core';
import type { PlanAdvice } from './advice/advise.js';
import type { HotFileGroup } from './advice/hot-files.js';
import { analysePlan } from './analyse-plan.js';
import type { Plan } from './plan.js';
import type { RatedPair, RatePossibleOptions } from './rate-possible.js';

export interface ReviewPlanOptions extends RatePossibleOptions {
  /** As the plan was made for. */
  readonly maxInstances: number;
  /** As the plan was made for. */
  readonly separation: SeparationPolicy;
  /** List pairs also for more than 500 tasks. */
  readonly pairs?: boolean;
}

/** What is to be known about a plan before it runs. */
export interface PlanReview {
  readonly analysis: ClaimAnalysis;
  /** Pairs in a possible conflict, the likeliest first. */
  readonly possible: readonly RatedPair[];
  /** Where tasks must take turns, the most wanted paths first. */
  readonly hot: readonly HotFileGroup[];
  readonly advice: PlanAdvice;
}

/** Looks at a plan: what keeps which tasks apart, what that costs, and which change of the specs would gain most. Pure. */
export async function reviewPlan(plan: Plan, options: ReviewPlanOptions): Promise<PlanReview> {
  const { maxInstances, separation, pairs = false } = options;
  const [analysis, { hotFileGroups }, { advisePlan }, { ratePossible }] = await Promise.all([
    analysePlan(plan, { pairs }),
    import('./advice/hot-files.js'),
    import('./advice/advise.js'),
    import('./rate-possible.js'),
  ]);
  const hot = hotFileGroups(plan, analysis.conflicts);
  return {
    analysis,
    possible: await ratePossible(plan, analysis.possible, options),
    hot,
    advice: advisePlan({ plan, hot, maxInstances, separation }),
  };
}
