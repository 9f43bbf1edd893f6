import { type ChangedPath, type TaskIn, whyNoChange } from '@pwt/core';
import { tryParsePattern } from '@pwt/scope';
import { mayAsk } from '../questions/may-ask.js';
import { questionIn } from '../questions/question-in.js';
import {
  beyondSpecs,
  CHANGED_BY_AGENT,
  claimOn,
  knowsScope,
  outsideClaims,
  ownLists,
  plannedClaims,
  SEEN_TO_CHANGE,
} from '../run/outside-claims.js';
import type { RunContext } from '../run/run-context.js';
import { complained } from './agent-ending.js';
import { continueTask, endAttempt } from './end-attempt.js';
import type { Step } from './step.js';

/**
 * Compares the paths that the agent changed with the claims of its task. A path outside of them is added to the claims if
 * no other task in flight holds it. If one does, this task integrates first, and the other is merged onto the result. Files that
 * the task is specified in are added as well, but are no trespass: agents mark there what they have done.
 *
 * An agent that has changed nothing has failed, unless it states that nothing has to be changed, or its task only checks something.
 */
export const audit: Step<'collected'> = async (context, state) => {
  const { task, claims, changes, exit } = state;
  const { id: taskId } = task;
  if (changes.length === 0 && exit.noChange === undefined) {
    const nothing = 'the agent exited with 0 but changed no file that git does not ignore';
    const question = questionIn(exit.lastMessage);
    const reason = `${complained(nothing, exit)}${question === undefined ? '' : `; it asked: ${question}`}`;
    const failure = { kind: 'no-change', message: reason } as const;
    if (question !== undefined && mayAsk(context)) {
      const asked = { status: 'unchanged', reason: 'its agent has asked something' } as const;
      await continueTask(context, taskId, asked, { uncounted: true, question });
      return;
    }
    if (whyNoChange(state) === undefined) {
      await endAttempt(context, taskId, { status: 'unchanged', reason, failure });
      return;
    }
  }
  const { audit: policy, alwaysAllowed } = context.options;
  // With `strict`, claims that were added by an earlier audit allow nothing: only the spec does.
  // Those that were added while the agent ran are told here for the first time.
  const granted =
    policy === 'strict' ? plannedClaims(claims) : claims.filter(({ rule }) => rule !== SEEN_TO_CHANGE);
  const allowed = [...alwaysAllowed, ...ownLists(context.log.state, task)];
  const unclaimed = outsideClaims(touched(changes), granted, allowed);
  const outside = knowsScope(claims) ? beyondSpecs(unclaimed, task) : [];
  const grown = unclaimed.map((path) => claimOn(path, CHANGED_BY_AGENT));
  const wanted = grown.filter((claim) => tryParsePattern(claim.pattern).ok);
  const free = wanted.filter((claim) => context.scheduler.holdersOf([claim], taskId).length === 0);
  const heldBy = context.scheduler.holdersOf(wanted, taskId);
  await context.log.append({ type: 'claims-audited', taskId, outside, grown: free, heldBy });
  if (outside.length === 0 || policy !== 'warn') return;
  await context.log.append({
    type: 'warning',
    diagnostic: {
      code: 'PWT_CLAIM_EXCEEDED',
      severity: 'warning',
      taskIds: [taskId],
      message: `Task ${taskId} changed paths that it had not claimed: ${listed(outside)}.`,
    },
  });
};

/** Holds a task that has left its claims, if the policy is strict. True: it may be integrated. */
export async function enforceClaims(context: RunContext, state: TaskIn<'audited'>): Promise<boolean> {
  const { outside } = state;
  if (context.options.audit !== 'strict' || outside.length === 0) return true;
  const message = `changed paths outside its claims: ${listed(outside)}`;
  await endAttempt(context, state.task.id, {
    status: 'held',
    reason: `${message}. To take it all the same: pwt resume --audit warn`,
    failure: { kind: 'outside-claims', message },
  });
  return false;
}

/** The changed paths, both ends of renames included. */
function touched(changes: readonly ChangedPath[]): readonly string[] {
  return changes.flatMap((change) => (change.from ? [change.from, change.path] : [change.path]));
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
