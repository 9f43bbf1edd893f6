import type { TaskIn, Verdict } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { advance } from './advance.js';
import { type Ending, finish } from './finish.js';
import { joinWork, rejectUnjoined } from './integrate.js';
import { runGate } from './run-gate.js';

/** Joins the work of one task to the integration tip, has it tested, and integrates or rejects the task. */
export async function joinOne(context: RunContext, state: TaskIn<'audited'>): Promise<'pause' | undefined> {
  if (context.stop.mode === 'now') return 'pause';
  const { id: taskId } = state.task;
  const onto = context.log.run.integration;
  const outcome = await joinWork(context, state, onto);
  if (outcome.status !== 'merged') return rejectUnjoined(context, taskId, outcome).then(() => undefined);
  const { commit } = outcome;
  const { gate } = context.parts;
  if (gate) {
    const verdict = await runGate(context, gate, { taskIds: [taskId], onto, commit, purpose: 'join' });
    if (verdict === undefined) return 'pause';
    const ending = gateEnding(verdict);
    if (ending !== undefined) return finish(context, taskId, ending).then(() => undefined);
  }
  await advance(context, [{ taskId, commit }]);
  return undefined;
}

/** How a task ends that the gate rejects; `undefined` if it passed. */
function gateEnding(verdict: Verdict): Ending | undefined {
  switch (verdict.status) {
    case 'green':
      return undefined;
    case 'red': {
      const message = lastLine(verdict.summary);
      const reason = `the gate is red (exit code ${verdict.exitCode}): ${message}`;
      return { status: 'failed', reason, failure: { kind: 'gate-red', message } };
    }
    case 'timed-out': {
      const message = lastLine(verdict.summary);
      const reason = `the gate timed out after ${(verdict.durationMs / 1000).toFixed(1)} s: ${message}`;
      return { status: 'failed', reason, failure: { kind: 'gate-timed-out', message } };
    }
    case 'broken': {
      const { message } = verdict;
      const reason = `the gate could not run: ${message}`;
      return { status: 'held', reason, failure: { kind: 'gate-broken', message } };
    }
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
