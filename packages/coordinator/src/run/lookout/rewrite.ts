import type { CommitId, RepositoryChange } from '@pwt/core';
import type { LookoutContext } from './lookout-context.js';

/** How many of the commits that would come back are named. */
const NAMED = 5;

/**
 * The report about a target that moved from `known` to `tip`; `undefined` if `tip` contains `known`, which is no rewrite.
 */
export async function describeRewrite(
  context: Pick<LookoutContext, 'parts' | 'runId' | 'target'>,
  known: CommitId,
  tip: CommitId,
): Promise<RepositoryChange | undefined> {
  const { parts, target, runId } = context;
  if (await parts.merger.contains({ ancestor: known, descendant: tip })) return undefined;
  const missing = await parts.merger.missing?.({ known, tip, limit: NAMED });
  const { commits = [], total = 0 } = missing ?? {};
  const named = commits.map(({ id, subject }) => `${id.slice(0, 10)} ${subject.slice(0, 60)}`).join('; ');
  const rest = total - commits.length;
  const back =
    named === '' ? '' : ` Landing would bring back: ${named}${rest > 0 ? ` and ${rest} more` : ''}.`;
  return {
    kind: 'target',
    severity: 'error',
    message: `${target} was rewritten: it is at ${tip.slice(0, 10)}, which does not contain ${known.slice(0, 10)}, where this run knew it.${back}`,
    hint: `Nothing lands until you decide. To put what this run has tested on top of the rewritten ${target}, without them: pwt land --onto-rewritten ${runId}`,
    subjects: [`refs/heads/${target}`],
  };
}
