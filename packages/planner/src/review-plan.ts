import type { ClaimAnalysis } from '@pwt/claims';
import type { SeparationPolicy } from '@pwt/core';
import type { PlanAdvice } from './advice/advise.js';
import type { HotFileGroup } from './advice/hot-files.js';
import { analysePlan } from './analyse-plan.js';
import type { Plan } from './plan.js';
import type { RatedPair, RatePossibleOptions } from './rate-possible.js';

export interface ReviewPlanOptions extends RatePossibleOptions {
  /** The same as for the plan. */
  readonly maxInstances: number;
  /** The same as for the plan. */
  readonly separation: SeparationPolicy;
  /** List pairs for more than 500 tasks, too. */
  readonly pairs?: boolean;
}

/** A plan's conflicts, their costs, and advice. */
export interface PlanReview {
  readonly analysis: ClaimAnalysis;
  /** Pairs that possibly conflict, the likeliest first. */
  readonly possible: readonly RatedPair[];
  /** The hot files, those of the most tasks first. */
  readonly hot: readonly HotFileGroup[];
  readonly advice: PlanAdvice;
}

/** Reviews a plan: which tasks conflict, what that costs, and which changes of the specs gain most. Pure. */
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
