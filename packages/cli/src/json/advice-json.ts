import type { Place } from '@pwt/core';
import type { PlanReview } from '@pwt/planner';

/** What hot files cost and what to change, as `pwt plan --json` prints it. */
export function adviceJson({ costs, steps, moreInstances }: PlanReview['advice']): Record<string, unknown> {
  return {
    contested: costs.map(({ hot: { path, others, count, tasks, claims }, loadMs, gain }) => ({
      path,
      others,
      count,
      tasks,
      claims: claims.map(({ taskId, claim }) => ({
        task: taskId,
        pattern: claim.pattern,
        ...flat(claim.place),
      })),
      loadMs,
      without: gain ?? null,
    })),
    advice: steps.map(({ places, ...step }) => ({
      ...step,
      places: places.map(({ taskId, pattern, place }) => ({ task: taskId, pattern, ...flat(place) })),
    })),
    moreInstances: moreInstances ?? null,
  };
}

function flat(place: Place | undefined): { readonly file: string | null; readonly line: number | null } {
  return { file: place?.path ?? null, line: place?.line ?? null };
}
