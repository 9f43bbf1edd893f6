import { ClaimTable } from '@pwt/claims';
import type { Diagnostic, SeparationPolicy } from '@pwt/core';
import { findCycles } from '@pwt/separator';
import { cycleDiagnostics, type DependencyOptions, dependencyDiagnostics } from './dependency-diagnostics.js';
import type { Plan } from './plan.js';
import { planSchedule } from './schedule/plan-schedule.js';

export interface MakePlanRequest
  extends Pick<Plan, 'target' | 'base' | 'tree' | 'tasks' | 'claims' | 'measured'>,
    DependencyOptions {
  /** Diagnostics about the tasks and their claims so far. */
  readonly diagnostics: readonly Diagnostic[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
}

/**
 * Makes a plan from tasks and their claims: compares the claims, orders the tasks, predicts the run, and reports
 * dependencies that lead out of the plan or form a circle. Pure.
 */
export function makePlan(request: MakePlanRequest): Plan {
  const { target, base, tree, tasks, claims, measured, maxInstances, separation, exists } = request;
  const table = ClaimTable.of(claims);
  const schedule = planSchedule({ tasks, claims, measured, table, maxInstances, separation });
  const diagnostics = [...request.diagnostics, ...dependencyDiagnostics(tasks, { exists })];
  if (schedule.cyclic.length > 0) diagnostics.push(...cycleDiagnostics(tasks, diagnostics, findCycles));
  return { target, base, tree, tasks, claims, measured, table, schedule, diagnostics };
}
