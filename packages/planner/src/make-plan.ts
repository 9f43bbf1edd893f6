import { ClaimTable } from '@pwt/claims';
import type { Diagnostic, SeparationPolicy } from '@pwt/core';
import { findCycles } from '@pwt/separator';
import { cycleDiagnostics, type DependencyOptions, dependencyDiagnostics } from './dependency-diagnostics.js';
import type { Plan } from './plan.js';
import { planSchedule } from './schedule/plan-schedule.js';

export interface MakePlanRequest
  extends Pick<Plan, 'target' | 'base' | 'tree' | 'tasks' | 'claims'>,
    DependencyOptions {
  /** What is known of the tasks and their claims already. */
  readonly diagnostics: readonly Diagnostic[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
}

/**
 * Joins tasks and their claims to a plan: compares the claims, orders the tasks, predicts the run, and says which
 * dependencies lead outside of the plan or in a circle. Pure.
 */
export function makePlan(request: MakePlanRequest): Plan {
  const { target, base, tree, tasks, claims, maxInstances, separation, exists } = request;
  const table = ClaimTable.of(claims);
  const schedule = planSchedule({ tasks, claims, table, maxInstances, separation });
  const diagnostics = [...request.diagnostics, ...dependencyDiagnostics(tasks, { exists })];
  if (schedule.cyclic.length > 0) diagnostics.push(...cycleDiagnostics(tasks, diagnostics, findCycles));
  return { target, base, tree, tasks, claims, table, schedule, diagnostics };
}
