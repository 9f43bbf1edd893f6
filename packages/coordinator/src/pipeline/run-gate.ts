import { join } from 'node:path';
import { type CommitId, type Gate, hasCode, subjectName, type Verdict, type WorkSubject } from '@pwt/core';
import { checkRemoved, checkVerdict, checkWorkspace } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { tidyUp } from './clean-up.js';

/**
 * Runs the gate on exactly this commit, in a scratch checkout that is removed afterwards. Without a gate, the verdict is
 * green.
 *
 * @returns `undefined` if the run is being stopped: then the gate was ended early and says nothing about the commit
 */
export async function runGate(
  context: RunContext,
  subject: WorkSubject,
  commit: CommitId,
): Promise<Verdict | undefined> {
  const { parts, stop } = context;
  try {
    const verdict: Verdict = parts.gate
      ? await judged(context, parts.gate, subject, commit)
      : { status: 'green', durationMs: 0 };
    return stop.signal.aborted ? undefined : verdict;
  } catch (error) {
    if (stop.signal.aborted && hasCode(error, 'PWT_ABORTED')) return undefined;
    throw error;
  }
}

async function judged(
  context: RunContext,
  gate: Gate,
  subject: WorkSubject,
  commit: CommitId,
): Promise<Verdict> {
  const { provider } = context.parts;
  const { runId, runDir } = context;
  const abortSignal = context.stop.signal;
  const scratch = await provider.scratch({ runId, commit, abortSignal });
  const workspace = checkWorkspace(provider.name, 'scratch', scratch);
  try {
    const logFile = join(runDir, 'gate', `${subjectName(subject)}-${commit.slice(0, 12)}.log`);
    const verdict = await gate.run({ runId, subject, commit, workspace, logFile, abortSignal });
    return checkVerdict(gate.name, verdict);
  } finally {
    await tidyUp(context, async () => {
      checkRemoved(provider.name, await provider.remove({ workspace, force: ['dirty', 'unmerged'] }));
    });
  }
}
