import type { Plan } from '@pwt/planner';
import { resolveTarget } from '../../project/project.js';
import type { OperationContext } from '../operation-context.js';
import type { PlanRequest } from './plan-request.js';
import { planTasks } from './plan-tasks.js';

/** What would run, in which order, and which tasks can't run at the same time. Changes nothing. */
export async function plan(context: OperationContext, request: PlanRequest = {}): Promise<Plan> {
  const composition = await context.compose();
  return planTasks(composition, request, await resolveTarget(context.project, context.config.target));
}
