import { type RunSummary, reduceRun } from '@pwt/core';
import { chooseOf } from '../review/choose.js';
import { type Proposal, type Proposed, propose } from '../review/propose.js';
import type { Publisher } from '../review/publisher.js';
import { endAsBefore } from './end-as-before.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface ProposeRequest {
  readonly runId: string;
  readonly proposals: readonly Proposal[];
  readonly publisher: Publisher;
  /** Gets each result as it comes: what was published stays published, whatever follows. */
  readonly onProposed: (result: Proposed) => void;
}

/** Makes pull requests of tested work. The run is otherwise unchanged. */
export async function proposeRun(
  session: RunSession,
  { runId, proposals, publisher, onProposed }: ProposeRequest,
): Promise<RunSummary> {
  const history = await readHistory(session.options, runId);
  const before = reduceRun(history);
  // Said before anything is recorded.
  for (const { asked } of proposals) chooseOf(before, asked);
  return session.record(runId, history, async (log) => {
    const { context } = await session.reopen(log, {}, { isFinal: true });
    for (const proposal of proposals) onProposed(await propose(context, publisher, proposal));
    return endAsBefore(context, before.status);
  });
}
