import { defined } from './defined.js';
import type { RunLevelEvent } from './event.js';
import type { PullRequest } from './review.js';

type Published = Extract<
  RunLevelEvent,
  { readonly type: 'branch-pushing' | 'branch-pushed' | 'pull-request-opened' }
>;

/** The pull requests of a run after one more event about a branch. */
export function withPullRequest(
  known: readonly PullRequest[] = [],
  event: Published,
): readonly PullRequest[] {
  const { remote, branch, commit, taskIds } = event;
  const isSame = (other: PullRequest) => other.remote === remote && other.branch === branch;
  const before = known.find(isSame);
  const url = event.type === 'pull-request-opened' ? event.url : before?.url;
  const mayBeAt = [...new Set([...(before?.mayBeAt ?? []), commit])];
  const isPushed = event.type !== 'branch-pushing';
  const now = { remote, branch, commit, taskIds, mayBeAt, isPushed, ...defined({ url }) };
  return [...known.filter((other) => !isSame(other)), now];
}
