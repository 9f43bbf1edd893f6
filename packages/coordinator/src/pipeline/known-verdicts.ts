import { type CommitId, defined, type Gate, type GatedState, type Verdict } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** The tree of a commit; `undefined` if the merger does not tell it. */
export async function treeOf({ parts }: RunContext, commit: CommitId): Promise<string | undefined> {
  return parts.merger.tree?.(commit);
}

/**
 * What this gate has said of the same commit or tree, in this run or an earlier one. Only green and red say something about
 * a tree; one that was both is tested again.
 *
 * @param complete a verdict is of no use if parts of the gate were not run for it
 */
export async function knownVerdict(
  { log, parts }: RunContext,
  { fingerprint }: Gate,
  { commit, tree }: GatedState,
  complete = false,
): Promise<Verdict | undefined> {
  const isUseful = (verdict: Verdict) => saysSomething(verdict) && !(complete && isPartial(verdict));
  for (const key of tree === undefined ? [commit] : [commit, tree]) {
    const known = log.state.verdicts.get(key);
    if (known === undefined || !isUseful(known.verdict)) continue;
    // Logs of earlier versions do not say which gate it was.
    if (known.fingerprint === undefined || known.fingerprint === fingerprint) return known.verdict;
  }
  if (tree === undefined || fingerprint === undefined) return undefined;
  const kept = await parts.verdicts?.recall({ tree, fingerprint });
  if (kept === undefined || (kept.green > 0 && kept.red > 0)) return undefined;
  return isUseful(kept.last) ? kept.last : undefined;
}

/** Records a verdict for this run and later ones. */
export async function recordVerdict(
  { log, parts }: RunContext,
  { fingerprint }: Gate,
  state: GatedState,
  verdict: Verdict,
): Promise<void> {
  const { tree } = state;
  await log.append({ type: 'gate-finished', ...state, ...defined({ fingerprint }), verdict });
  if (tree === undefined || fingerprint === undefined || !saysSomething(verdict)) return;
  await parts.verdicts?.record({ tree, fingerprint }, verdict);
}

function saysSomething({ status }: Verdict): boolean {
  return status === 'green' || status === 'red';
}

function isPartial({ parts = [] }: Verdict): boolean {
  return parts.some(({ status }) => status === 'skipped');
}
