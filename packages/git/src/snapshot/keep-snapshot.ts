import type { Git } from '../git.js';
import { updateRef } from '../refs.js';

/**
 * Keeps a snapshot under `refs/pwt/<run>/snapshots/<task>/<n>`, with the first number after `before` that is free. One that is there
 * under its own number already is not kept again.
 */
export async function keepSnapshot(
  git: Git,
  commit: string,
  { runId, taskId }: { readonly runId: string; readonly taskId: string },
  before: number,
): Promise<{ readonly ref: string; readonly commit: string }> {
  for (let number = before + 1; ; number += 1) {
    const ref = `refs/pwt/${runId}/snapshots/${taskId}/${number}`;
    const outcome = await updateRef(git, { ref, newValue: commit, oldValue: null });
    if (outcome.status === 'updated' || outcome.actual === commit) return { ref, commit };
  }
}
