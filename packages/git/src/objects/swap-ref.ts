import type { Git } from '../git.js';
import { wasKilled } from '../lock.js';
import { type RefUpdate, readRef, requireFullRefName, updateRef } from '../refs.js';
import { Session } from './session.js';

const sessions = new WeakMap<Git, Session<string>>();

/**
 * What {@link updateRef} does, without a process of its own: one `git update-ref --stdin` moves the refs of all callers with
 * this git, each in a transaction. It takes locks only during one.
 *
 * What it refuses is done, or explained, by {@link updateRef}. Refs without a reflog (below `refs/pwt/`) only.
 */
export async function swapRef(
  git: Git,
  request: { readonly ref: string; readonly newValue: string; readonly oldValue: string | null },
): Promise<RefUpdate> {
  const { ref, newValue, oldValue } = request;
  requireFullRefName(ref);
  const change = oldValue === null ? `create ${ref} ${newValue}` : `update ${ref} ${newValue} ${oldValue}`;
  // While it holds locks it is recorded, as any git that takes some.
  const ended = await git.recovery?.running.begin(['update-ref', '--stdin'], git.cwd);
  try {
    await sessionOf(git).ask(`start\n${change}\ncommit\n`);
    await ended?.(false);
    return { status: 'updated' };
  } catch (error) {
    // Git ends at the first refusal, and says no more than a sentence about it: the plain command judges it.
    await ended?.(wasKilled(error));
    if ((await readRef(git, ref)) === newValue) return { status: 'updated' };
    return updateRef(git, request);
  }
}

function sessionOf(git: Git): Session<string> {
  const known = sessions.get(git) ?? new Session(git, ['update-ref', '--stdin'], takeCommitted);
  sessions.set(git, known);
  return known;
}

const ANSWER = 'start: ok\ncommit: ok\n';

function takeCommitted(printed: Buffer): { readonly answer: string; readonly length: number } | null {
  return printed.length < ANSWER.length
    ? null
    : { answer: printed.toString('latin1', 0, ANSWER.length), length: ANSWER.length };
}
