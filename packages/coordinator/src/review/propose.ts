import type { CommitId, PushedBranch, StartedRun, Verdict } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { chooseOf } from './choose.js';
import type { ProposalWords, Publisher } from './publisher.js';
import { testChosen, type Why } from './test-chosen.js';

/** Work that is to become one pull request. */
export interface Proposal {
  readonly asked: readonly string[];
  /** The branch on the remote, without `refs/heads/`. */
  readonly branch: string;
  readonly words: (facts: ProposalFacts) => ProposalWords;
}

/** What is known of a branch before it is pushed. */
export interface ProposalFacts {
  readonly run: StartedRun;
  /** The tasks that the person named. */
  readonly asked: readonly string[];
  /** All tasks whose work is in it: those, and what they depend on. */
  readonly taskIds: readonly string[];
  readonly commit: CommitId;
  /** Of the gate on exactly this commit, or on the same files; absent without a gate. */
  readonly verdict?: Verdict | undefined;
}

/** What became of one. `updated`: its pull request was open already, and has the new commits. */
export type Proposed = { readonly asked: readonly string[]; readonly branch: string } & (
  | {
      readonly status: 'opened' | 'updated' | 'unchanged';
      readonly url: string;
      readonly taskIds: readonly string[];
    }
  | { readonly status: 'declined'; readonly why: Why }
  | { readonly status: 'refused'; readonly message: string; readonly hint?: string }
);

/**
 * Joins and tests work as it would land by itself, pushes that as a branch, and opens a pull request for it. Each push and each
 * pull request is recorded before and after it is made, so the same call goes on after a crash.
 */
export async function propose(
  context: RunContext,
  publisher: Publisher,
  { asked, branch, words }: Proposal,
): Promise<Proposed> {
  const { log, target } = context;
  const chosen = chooseOf(log.run, asked);
  const tested = await testChosen(context, chosen);
  if (tested.status === 'stopped')
    return { asked, branch, status: 'refused', message: 'The run is being stopped.' };
  if (tested.status === 'declined') return { asked, branch, status: 'declined', why: tested.why };
  const { remote } = publisher;
  const { taskIds } = chosen;
  const commit = tested.chain.head;
  const pushed: PushedBranch = { remote, branch, commit, taskIds };
  const known = log.state.pullRequests?.find((other) => other.remote === remote && other.branch === branch);
  const isThere = known?.isPushed === true && known.commit === commit;
  if (!isThere) {
    await log.append({ type: 'branch-pushing', ...pushed });
    const mayReplace = known?.mayBeAt ?? [];
    const outcome = await publisher.push({ branch, commit, mayReplace });
    if (outcome.status === 'refused') return { asked, branch, ...outcome };
    await log.append({ type: 'branch-pushed', ...pushed });
  }
  if (known?.url !== undefined)
    return { asked, branch, taskIds, status: isThere ? 'unchanged' : 'updated', url: known.url };
  const verdict = log.state.verdicts.get(commit)?.verdict;
  const text = words({ run: log.run, asked: chosen.asked, taskIds, commit, verdict });
  const { url } = await publisher.open({ branch, target, ...text });
  await log.append({ type: 'pull-request-opened', ...pushed, url });
  return { asked, branch, taskIds, status: 'opened', url };
}
