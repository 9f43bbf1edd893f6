import type { ClaimAnalysis } from '@pwt/claims';
import { type Claim, type Diagnostic, defined, type Task, type TaskClaims } from '@pwt/core';
import type { Plan, PlanReview } from '@pwt/planner';
import { SCHEMA_VERSION } from '../report-error.js';
import { adviceJson } from './advice-json.js';

/** A finding as `--json` prints it. */
export function diagnosticJson({ taskIds = [], ...rest }: Diagnostic): Record<string, unknown> {
  return {
    ...rest,
    ...(taskIds.length === 0 ? {} : { task: taskIds[0] }),
    ...(taskIds.length < 2 ? {} : { tasks: taskIds }),
  };
}

/** What `pwt plan --json` prints: one object. */
export function planJson(plan: Plan, { analysis, possible, advice }: PlanReview): Record<string, unknown> {
  const { tasks, claims, measured, schedule, base, diagnostics } = plan;
  return {
    schemaVersion: SCHEMA_VERSION,
    base,
    tasks: tasks.map((task, index) => taskJson(task, claims[index], measured?.get(task.id))),
    taskFileMap: analysis.taskFileMap,
    conflicts: analysis.conflicts.map(conflictJson),
    possible: possible.map((pair) => ({ ...conflictJson(pair), probability: pair.probability })),
    pairsListed: analysis.pairsListed,
    independentPairs: analysis.independentPairs,
    hotFiles: analysis.hotFiles,
    order: schedule.order,
    bound: schedule.bound,
    predicted: schedule.predicted,
    timeline: schedule.timeline,
    ...adviceJson(advice),
    diagnostics: diagnostics.map(diagnosticJson),
  };
}

function taskJson(
  task: Task,
  scope: TaskClaims | undefined,
  measuredMs: number | undefined,
): Record<string, unknown> {
  return {
    id: task.id,
    title: task.title,
    spec: task.specs[0]?.path ?? null,
    specs: task.specs.map(({ path }) => path),
    claims: (scope?.claims ?? []).map(claimJson),
    unknownScope: scope?.unknownScope ?? false,
    dependsOn: task.dependsOn,
    ...defined({ priority: task.priority, estimateMs: task.estimateMs, measuredMs, runsOn: task.runsOn }),
  };
}

/** A claim as `--json` prints it. */
export function claimJson(claim: Claim): Record<string, unknown> {
  const { pattern, mode, class: kind, confidence, rule, place } = claim;
  return {
    pattern,
    mode,
    class: kind,
    confidence,
    rule,
    file: place?.path ?? null,
    line: place?.line ?? null,
  };
}

function conflictJson(conflict: ClaimAnalysis['conflicts'][number]): Record<string, unknown> {
  const { tasks, paths, witness, mine, theirs } = conflict;
  return { tasks, paths, witness, because: [mine, theirs].map(claimJson) };
}
