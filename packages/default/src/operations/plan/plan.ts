import type { Plan } from '@pwt/planner';
import { resolveTarget } from '../../project/project.js';
import type { OperationContext } from '../operation-context.js';
import { planTasks } from './plan-tasks.js';

export interface PlanRequest {
  /** As a user types them: `20`, `US-020`, `20-25`. @default all tasks */
  readonly taskIds?: readonly string[];
}

/** What would run, in which order, and which tasks can't run at the same time. Changes nothing. */
export async function plan(context: OperationContext, { taskIds = [] }: PlanRequest = {}): Promise<Plan> {
  const composition = await context.compose();
  return planTasks(composition, taskIds, await resolveTarget(context.project, context.config.target));
}
