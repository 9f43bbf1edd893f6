import type { Claim, Diagnostic, Task, TaskClaims } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { makePlan, type PlanReview, reviewPlan } from '@pwt/planner';

const HOUR = 3_600_000;

/** A task as a test writes it down. */
export interface PlannedTask {
  readonly id: string;
  readonly title?: string;
  /** Absent for a task of unknown scope. */
  readonly claims?: readonly (string | Partial<Claim>)[];
  readonly dependsOn?: readonly string[];
}

/** A claim with everything that a test does not care about. */
export function claimOf(given: string | Partial<Claim>, place?: { path: string; line: number }): Claim {
  const written = typeof given === 'string' ? { pattern: given } : given;
  return {
    ...{ pattern: '**', mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
    ...(place ? { place } : {}),
    ...written,
  };
}

/** A plan of these tasks, an hour each and one after the other, with its review for four agents. */
export async function planned(
  tasks: readonly PlannedTask[],
  diagnostics: readonly Diagnostic[] = [],
): Promise<{ readonly plan: Plan; readonly review: PlanReview }> {
  const claims = tasks.map(
    ({ id, claims: own }): TaskClaims => ({
      taskId: id,
      claims: (own ?? ['**']).map((claim, at) =>
        claimOf(claim, { path: `specs/SPEC-${id}.md`, line: at + 3 }),
      ),
      unknownScope: own === undefined,
    }),
  );
  const timeline = tasks.map(({ id }, at) => ({ taskId: id, startMs: at * HOUR, endMs: (at + 1) * HOUR }));
  const totalMs = tasks.length * HOUR;
  const made = await makePlan({
    ...{ target: 'main', base: '0123456789abcdef0123456789abcdef01234567' as Plan['base'] },
    tree: { paths: [] },
    tasks: tasks.map(
      ({ id, title = `Task ${id}`, dependsOn = [] }): Task => ({
        ...{ id, title, dependsOn, estimateMs: HOUR },
        specs: [{ path: `specs/SPEC-${id}.md`, text: '', hash: '' }],
      }),
    ),
    claims,
    diagnostics: [],
    ...{ maxInstances: 4, separation: 'balanced', exists: () => true },
  });
  const plan: Plan = {
    ...made,
    schedule: {
      order: tasks.map(({ id }) => id),
      bound: { ms: HOUR, by: 'longest-task' },
      predicted: { sequentialMs: totalMs, makespanMs: totalMs, speedup: 1 },
      timeline,
      cyclic: [],
    },
    diagnostics,
  };
  return { plan, review: await reviewPlan(plan, { maxInstances: 4, separation: 'balanced' }) };
}
