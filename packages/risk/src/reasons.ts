import type { ClaimConflict, TaskRelation } from '@pwt/claims';
import type { SharedFile } from './shared-files.js';
import type { FileEvidence, TaskEvidence } from './task-evidence.js';

/** One thing that moved the probability of a pair. */
export interface RiskReason {
  /**
   * `claims`: the claims conflict, or possibly do. `unknown-scope`: a task names nothing that it will change.
   * `file`: both texts name a file. `repository`: tasks here collided more, or less, often than elsewhere.
   */
  readonly kind: 'claims' | 'unknown-scope' | 'file' | 'repository';
  /** One sentence for a human, without a full stop. */
  readonly message: string;
  /** The file, for `file`. */
  readonly file?: SharedFile;
}

interface ReasonsRequest {
  readonly a: TaskEvidence;
  readonly b: TaskEvidence;
  readonly relation: TaskRelation;
  readonly conflict: Omit<ClaimConflict, 'taskId'> | undefined;
  readonly shared: readonly SharedFile[];
  readonly maxReasons: number;
  readonly repositoryIntercept: number;
}

/** A smaller intercept is not reported. */
const NOTEWORTHY_INTERCEPT = 0.2;

/** The evidence of a pair in words. */
export function reasonsFor({
  a,
  b,
  relation,
  conflict,
  shared,
  maxReasons,
  repositoryIntercept,
}: ReasonsRequest): readonly RiskReason[] {
  const reasons: RiskReason[] = [a, b]
    .filter((task) => task.unknownScope)
    .map(({ taskId }) => ({
      kind: 'unknown-scope',
      message: `task ${taskId} names no file that it will change, so it is taken to touch everything`,
    }));
  if (conflict && reasons.length === 0) {
    const how = relation === 'conflict' ? 'both tasks claim' : 'both tasks may touch';
    reasons.push({ kind: 'claims', message: `${how} "${conflict.witness}"` });
  }
  for (const file of shared.slice(0, maxReasons)) {
    const chance = percent(file.probability);
    const message = `"${file.path}": ${a.taskId} ${phrase(file.a)}, ${b.taskId} ${phrase(file.b)}: ${chance} that both change it`;
    reasons.push({ kind: 'file', message, file });
  }
  if (Math.abs(repositoryIntercept) >= NOTEWORTHY_INTERCEPT) {
    const how = repositoryIntercept > 0 ? 'more' : 'less';
    reasons.push({
      kind: 'repository',
      message: `tasks in this repository collided ${how} often than elsewhere`,
    });
  }
  return reasons;
}

const gradePhrases: Readonly<Record<FileEvidence['grade'], string>> = {
  declared: 'declares it',
  inferred: 'implies it',
  mentioned: 'mentions it',
  none: 'has its name as a word',
};

function phrase({ grade, place }: FileEvidence): string {
  const at = place?.line === undefined ? place?.path : `${place.path}:${place.line}`;
  return at === undefined ? gradePhrases[grade] : `${gradePhrases[grade]} (${at})`;
}

function percent(probability: number): string {
  return probability < 0.01 ? 'under 1 %' : `${Math.round(probability * 100)} %`;
}
