import type { TaskIn, Verdict } from '@pwt/core';
import { checkAdvanced } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { type Ending, finish } from './finish.js';
import { integrate } from './integrate.js';
import { runGate } from './run-gate.js';
import type { Step } from './step.js';

/** Runs the gate on the candidate. Without a gate, the candidate is integrated at once. */
export const gate: Step<'merged'> = async (context, state) => {
  if (context.stop.mode === 'now') return 'pause';
  if (isStale(context, state)) return integrate(context, state);
  if (!context.parts.gate) return advance(context, state);
  const { id: taskId } = state.task;
  const { candidate: commit } = state;
  await context.log.append({ type: 'gate-started', taskId, commit });
  const verdict = await runGate(context, { kind: 'tasks', taskIds: [taskId] }, commit);
  if (verdict === undefined) return 'pause';
  await context.log.append({ type: 'gate-finished', taskId, commit, verdict });
};

/** Integrates or rejects the task, by the gate's verdict. */
export const decide: Step<'gated'> = async (context, state) => {
  if (isStale(context, state)) return integrate(context, state);
  const ending = gateEnding(state.verdict);
  if (ending === undefined) return advance(context, state);
  await finish(context, state.task.id, ending);
};

/** Moves the integration ref to the candidate: claims are free, dependents may start. */
async function advance(context: RunContext, state: TaskIn<'merged' | 'gated'>): Promise<undefined> {
  const { runId, log, parts } = context;
  const { onto: from, candidate: to } = state;
  const { id: taskId } = state.task;
  const outcome = checkAdvanced(parts.merger.name, await parts.merger.advance({ runId, from, to }));
  if (outcome.status === 'moved' && outcome.tip !== to) {
    const message = `the integration ref was moved, and not by pwt (found ${outcome.tip})`;
    await finish(context, taskId, {
      status: 'held',
      reason: `${message}. Put it back with: git update-ref refs/pwt/${runId}/integration ${from}`,
      failure: { kind: 'error', message, code: 'PWT_INTEGRATION_REF_MOVED' },
    });
    return;
  }
  await log.append({ type: 'integrated', taskId, from, commit: to });
}

/** True if the integration ref has moved since the candidate was made: it can't become the tip any more. */
function isStale({ log }: RunContext, { onto }: TaskIn<'merged' | 'gated'>): boolean {
  return onto !== log.run.integration;
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
