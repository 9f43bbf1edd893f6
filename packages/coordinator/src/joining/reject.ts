import type { Verdict } from '@pwt/core';
import { finish } from '../pipeline/finish.js';
import type { Decision } from '../queue/joint-state.js';
import type { RunContext } from '../run/run-context.js';
import type { Chains } from './chains.js';
import { gateEnding } from './endings.js';

/** Where no log tells it. */
const UNKNOWN: Verdict = { status: 'red', durationMs: 0, exitCode: 1, summary: '' };

/** Ends a task that is at fault, with what the gate has said of the red state. */
export async function reject(
  context: RunContext,
  chains: Chains,
  decision: Extract<Decision, { readonly kind: 'reject' }>,
  excused: readonly string[],
): Promise<void> {
  const { log } = context;
  const { taskId, red } = decision;
  const chain = await chains.build(red);
  const answer = chain.status === 'joined' ? log.state.verdicts.get(chain.head) : undefined;
  const { task, verdict: last } = log.task(taskId);
  const verdict = [answer?.verdict, last].find((said) => said !== undefined && said.status !== 'green');
  const partner = decision.partner === undefined ? undefined : log.task(decision.partner).task;
  const blame = { task, verdict: verdict ?? UNKNOWN, logFile: answer?.logFile, partner, excused };
  await finish(context, taskId, gateEnding(blame));
  chains.forget(taskId);
}

/** Holds a task whose work the gate can't test. */
export async function hold(context: RunContext, taskId: string, verdict: Verdict): Promise<void> {
  await finish(context, taskId, gateEnding({ task: context.log.task(taskId).task, verdict }));
}
