export type { Advice, Gain, PathCost, PlanAdvice } from './advice/advise.js';
export type { HotFileGroup } from './advice/hot-files.js';
export { type ExplainedConflict, explainPair, type PairExplanation } from './explain/explain-pair.js';
export type { QuotedClaim } from './explain/quote.js';
export { type MakePlanRequest, makePlan } from './make-plan.js';
export type { Plan } from './plan.js';
export type { RatedPair, RatePossibleOptions } from './rate-possible.js';
export { type PlanReview, type ReviewPlanOptions, reviewPlan } from './review-plan.js';
export type { LowerBound } from './schedule/bound.js';
export { topologicalOrder } from './schedule/graph.js';
export {
  type PlanScheduleRequest,
  planSchedule,
  type SchedulePlan,
  schedulableTasks,
} from './schedule/plan-schedule.js';
export type { RiskEstimate } from './schedule/risk.js';
export type { SchedulableTask } from './schedule/schedulable.js';
export type { ScheduleEvent } from './schedule/schedule-event.js';
export { Scheduler, type SchedulerOptions } from './schedule/scheduler.js';
export type { TimelineEntry } from './schedule/simulate.js';
