import type { Verdict } from '@pwt/core';
import { endAttempt } from '../pipeline/end-attempt.js';
import { gateEnding } from '../pipeline/endings.js';
import { finish } from '../pipeline/finish.js';
import { failingOf } from '../pipeline/verdicts.js';
import type { Decision } from '../queue/joint-state.js';
import type { RunContext } from '../run/run-context.js';
import type { Answer } from './probes.js';

/** Ends the attempt of a task that is at fault, with what the gate has said of the state that was red with it. */
export async function reject(
  context: RunContext,
  decision: Extract<Decision, { readonly kind: 'reject' }>,
  { verdict, logFile }: Answer,
): Promise<void> {
  const { taskId, failing } = decision;
  const { task } = context.log.task(taskId);
  const partner = decision.partner === undefined ? undefined : context.log.task(decision.partner).task;
  const excused = failingOf(verdict).filter((name) => !failing.includes(name));
  const blame = { task, verdict, logFile, partner, excused };
  await endAttempt(context, taskId, gateEnding(blame), { blame });
}

/** Holds a task whose work the gate can't test. */
export async function hold(context: RunContext, taskId: string, verdict: Verdict): Promise<void> {
  await finish(context, taskId, gateEnding({ task: context.log.task(taskId).task, verdict }));
}
