import type { TaskIn } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { advance } from './advance.js';
import { finish } from './finish.js';
import { gateEnding } from './gate-ending.js';
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
