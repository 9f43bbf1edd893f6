import { join } from 'node:path';
import { type CommitId, subjectName, type Verdict, type WorkSubject } from '@pwt/core';
import { checkRemoved, checkVerdict, checkWorkspace } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { tidyUp } from './clean-up.js';

/** Runs the gate on exactly this commit, in a scratch checkout that is given back afterwards. */
export async function runGate(context: RunContext, subject: WorkSubject, commit: CommitId): Promise<Verdict> {
  const { gate, provider } = context.parts;
  if (!gate) return { status: 'green', durationMs: 0 };
  const abortSignal = context.stop.signal;
  const scratch = await provider.scratch({ runId: context.runId, commit, abortSignal });
  const workspace = checkWorkspace(provider.name, 'scratch', scratch);
  try {
    const logFile = join(context.runDir, 'gate', `${subjectName(subject)}-${commit.slice(0, 12)}.log`);
    const verdict = await gate.run({
      runId: context.runId,
      subject,
      commit,
      workspace,
      logFile,
      abortSignal,
    });
    return checkVerdict(gate.name, verdict);
  } finally {
    await tidyUp(context, async () => {
      checkRemoved(provider.name, await provider.remove({ workspace, force: ['dirty', 'unmerged'] }));
    });
  }
}
