import type { Git } from './git.js';
import { retryWhileLocked, wasKilled } from './lock.js';
import { listRefs, requireFullRefName } from './refs.js';

/** One step of a transaction. `null` = the ref does not exist (before), or shall not exist (after). */
export interface RefChange {
  readonly ref: string;
  readonly oldValue: string | null;
  /** The same as `oldValue`: only verify. */
  readonly newValue: string | null;
}

export type RefTransaction =
  | { readonly status: 'updated' }
  /** Nothing was changed; these refs were not where the caller expected them. */
  | {
      readonly status: 'moved';
      readonly moved: ReadonlyArray<{ ref: string; expected: string | null; actual: string | null }>;
    };

/**
 * Moves, creates and deletes several refs in one transaction: all or none.
 *
 * @throws PWT_GIT_FAILED if git refuses for another reason than a moved ref
 */
export async function updateRefs(git: Git, changes: readonly RefChange[]): Promise<RefTransaction> {
  for (const { ref } of changes) requireFullRefName(ref);
  if (changes.length === 0) return { status: 'updated' };
  const input = changes.map(instruction).join('');
  let killed = false;
  try {
    await retryWhileLocked(
      () =>
        git.run(['update-ref', '-z', '--stdin'], { input }).catch((error: unknown) => {
          killed ||= wasKilled(error);
          throw error;
        }),
      git,
    );
    return { status: 'updated' };
  } catch (error) {
    const moved = await findMoved(git, changes);
    const isDone = ({ ref, actual }: { ref: string; actual: string | null }) =>
      changes.some((change) => change.ref === ref && change.newValue === actual);
    // The call that was killed had done it: a transaction moves all or none.
    if (killed && moved.length > 0 && moved.every(isDone)) return { status: 'updated' };
    if (moved.length > 0) return { status: 'moved', moved };
    throw error;
  }
}

/** The format of `git update-ref --stdin -z`; an empty value means "does not exist". */
function instruction({ ref, oldValue, newValue }: RefChange): string {
  if (oldValue === newValue) return `verify ${ref}\0${oldValue ?? ''}\0`;
  if (newValue === null) return `delete ${ref}\0${oldValue}\0`;
  if (oldValue === null) return `create ${ref}\0${newValue}\0`;
  return `update ${ref}\0${newValue}\0${oldValue}\0`;
}

async function findMoved(git: Git, changes: readonly RefChange[]) {
  const now = await Promise.all(
    changes.map(async ({ ref, oldValue }) => {
      const actual = (await listRefs(git, ref)).find((found) => found.ref === ref)?.id ?? null;
      return { ref, expected: oldValue, actual };
    }),
  );
  return now.filter(({ expected, actual }) => expected !== actual);
}
