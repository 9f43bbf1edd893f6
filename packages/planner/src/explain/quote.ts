import { type Claim, type Task, textAtLine } from '@pwt/core';

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
  const text = spec && textAtLine(spec, line ?? 0)?.trim();
  return { taskId: id, claim, ...(text ? { text } : {}) };
}
