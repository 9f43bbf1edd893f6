import type { Blame, CommitId, Finding, RunState } from '@pwt/core';
import { recordBlamed } from './blame.js';
import type { LookoutContext } from './lookout-context.js';

/** How many of the commits are named. */
const NAMED = 5;

/**
 * Reports commits on top of the target that this run did not make, once for each move of it. A user may commit during the
 * run; an agent that does is named.
 *
 * @param known the tip that this run knew; contained in `tip`
 * @param blame who may have made them
 */
export async function recordAddedCommits(
  context: Pick<LookoutContext, 'log' | 'parts' | 'target'>,
  known: CommitId,
  tip: CommitId,
  blame: Blame,
): Promise<void> {
  const { log, parts, target } = context;
  const ref = `refs/heads/${target}`;
  const told = lastTold(log.state, ref);
  if (told === tip) return;
  const { merger } = parts;
  const from = await lastOwn(context, known, tip, told);
  const found = await merger.missing?.({ known: tip, tip: from, limit: NAMED });
  const { commits = [], total } = found ?? {};
  if (total === 0) return;
  const named = commits.map(({ id, subject }) => `${id.slice(0, 10)} ${subject.slice(0, 60)}`).join('; ');
  const rest = (total ?? 0) - commits.length;
  const list = named === '' ? '' : `: ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
  const amount = total === undefined ? 'commits' : total === 1 ? 'a commit' : `${total} commits`;
  const range = `${from.slice(0, 10)}..${tip.slice(0, 10)}`;
  await recordBlamed(
    context,
    {
      kind: 'target',
      severity: 'info',
      message: `${target} got ${amount} that this run did not make${list}. ${whatOfThem(log.state)}`,
      hint: `To look: git log ${range}`,
      subjects: [ref, tip],
    },
    blame,
  );
}

/** The tip up to which commits of others have been reported. */
function lastTold({ findings }: RunState, ref: string): CommitId | undefined {
  const isOfThem = ({ kind, severity, subjects = [] }: Finding) =>
    kind === 'target' && severity === 'info' && subjects[0] === ref;
  return findings.findLast(isOfThem)?.subjects?.[1];
}

/** The newest commit in the history of `tip` up to which all is this run's own, or has been reported. */
async function lastOwn(
  { log, parts }: Pick<LookoutContext, 'log' | 'parts'>,
  known: CommitId,
  tip: CommitId,
  told: CommitId | undefined,
): Promise<CommitId> {
  const { merger } = parts;
  const { integration } = log.run;
  // Merged by hand, with the work of this run in it.
  if (await merger.contains({ ancestor: integration, descendant: tip })) return integration;
  const isBetween =
    told !== undefined &&
    (await merger.contains({ ancestor: known, descendant: told })) &&
    (await merger.contains({ ancestor: told, descendant: tip }));
  return isBetween ? told : known;
}

function whatOfThem({ tasks }: RunState): string {
  const hasMore = [...tasks.values()].some(
    ({ outcome }) => outcome === undefined || outcome === 'integrated',
  );
  return hasMore
    ? 'The work that is still to land is tested together with them first.'
    : 'They are on top of what has landed; this run has not tested them.';
}
