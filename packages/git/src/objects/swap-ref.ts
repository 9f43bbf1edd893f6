import type { Git } from '../git.js';
import { wasKilled } from '../lock.js';
import {
  deleteRef,
  deleteRefs,
  type RefUpdate,
  readRef,
  requireFullRefName,
  type UpdateRefRequest,
  updateRef,
} from '../refs.js';
import { Session } from './session.js';

/** By the message that they write into reflogs. */
const sessions = new WeakMap<Git, Map<string | undefined, Session<string>>>();

/**
 * What {@link updateRef} does, without a process of its own: one `git update-ref --stdin` moves the refs of all callers with
 * this git and this reflog message, each in a transaction. It takes locks only during one.
 *
 * What it refuses is done, or explained, by {@link updateRef}.
 *
 * @param request `reflogMessage` is one of a few fixed texts: for each there is a process
 */
export async function swapRef(git: Git, request: UpdateRefRequest): Promise<RefUpdate> {
  const { ref, newValue, oldValue, reflogMessage } = request;
  requireFullRefName(ref);
  const change = oldValue === null ? `create ${ref} ${newValue}` : `update ${ref} ${newValue} ${oldValue}`;
  const answer = await ask(git, change, reflogMessage);
  if (answer === 'done') return { status: 'updated' };
  // One that was killed may have done it; a ref that was to be made may have been there before.
  const mayBeDone = answer === 'killed' || oldValue !== null;
  if (mayBeDone && (await readRef(git, ref)) === newValue) return { status: 'updated' };
  return updateRef(git, request);
}

/** Starts the process of {@link swapRef} for a reflog message, for a caller who needs it soon. */
export function beginSwapping(git: Git, reflogMessage?: string): void {
  sessionOf(git, reflogMessage).begin();
}

/** What {@link deleteRef} does, through the process of {@link swapRef}. */
export async function dropRef(
  git: Git,
  request: { readonly ref: string; readonly oldValue: string },
): Promise<RefUpdate> {
  requireFullRefName(request.ref);
  const answer = await ask(git, `delete ${request.ref} ${request.oldValue}`);
  if (answer === 'done') return { status: 'updated' };
  return deleteRef(git, request);
}

/** What {@link deleteRefs} does, through the process of {@link swapRef}. */
export async function dropRefs(
  git: Git,
  requests: readonly { readonly ref: string; readonly oldValue: string }[],
): Promise<void> {
  if (requests.length === 0) return;
  for (const { ref } of requests) requireFullRefName(ref);
  const changes = requests.map(({ ref, oldValue }) => `delete ${ref} ${oldValue}`).join('\n');
  if ((await ask(git, changes)) !== 'done') await deleteRefs(git, requests);
}

/** Git ends at the first refusal, and says no more than a sentence about it: the plain command judges it. */
async function ask(git: Git, change: string, reflogMessage?: string): Promise<'done' | 'refused' | 'killed'> {
  // While it holds locks it is recorded, as any git that takes some.
  const ended = await git.recovery?.running.begin(['update-ref', '--stdin'], git.cwd);
  try {
    await sessionOf(git, reflogMessage).ask(`start\n${change}\ncommit\n`);
    await ended?.(false);
    return 'done';
  } catch (error) {
    const isKilled = wasKilled(error);
    await ended?.(isKilled);
    return isKilled ? 'killed' : 'refused';
  }
}

function sessionOf(git: Git, reflogMessage: string | undefined): Session<string> {
  const ofGit = sessions.get(git) ?? new Map<string | undefined, Session<string>>();
  sessions.set(git, ofGit);
  const message = reflogMessage === undefined ? [] : ['-m', reflogMessage];
  const known =
    ofGit.get(reflogMessage) ?? new Session(git, ['update-ref', ...message, '--stdin'], takeCommitted);
  ofGit.set(reflogMessage, known);
  return known;
}

const ANSWER = 'start: ok\ncommit: ok\n';

function takeCommitted(printed: Buffer): { readonly answer: string; readonly length: number } | null {
  return printed.length < ANSWER.length
    ? null
    : { answer: printed.toString('latin1', 0, ANSWER.length), length: ANSWER.length };
}
