import type { Claim, Task } from '@pwt/core';

/** A claim of a task, with the line of the spec that it comes from. */
export interface QuotedClaim {
  readonly taskId: string;
  readonly claim: Claim;
  /** Absent if the claim comes from no line of the task's specs. */
  readonly text?: string;
}

/** Adds the line of the spec to a claim. */
export function quote({ id, specs }: Task, claim: Claim): QuotedClaim {
  const { place } = claim;
  const line = place?.line;
  const spec = specs.find(
    ({ path, firstLine = 1 }) => path === place?.path && line !== undefined && line >= firstLine,
  );
  const text = spec?.text.split('\n')[(line ?? 0) - (spec.firstLine ?? 1)]?.trim();
  return { taskId: id, claim, ...(text ? { text } : {}) };
}
