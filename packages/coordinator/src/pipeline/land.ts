import type { CommitId, LandOutcome } from '@pwt/core';
import { checkCommit } from '../contract-check.js';
import type { RunContext } from '../run-context.js';
import { runGate } from './run-gate.js';

/** How often a target that somebody else keeps moving is chased before landing is put off. */
const CHASE_LIMIT = 5;

/**
 * Moves the target to the integration tip. If somebody else moved the target meanwhile, their commits are
 * merged and gated first. What can't land now stays on the integration ref and is tried again later.
 * Runs inside the queue.
 */
export async function land(context: RunContext): Promise<void> {
  if (!context.options.autoMerge) return;
  const { log, target, parts } = context;
  for (let attempt = 0; attempt < CHASE_LIMIT; attempt += 1) {
    const { integration: to, landedTip: from } = log.state;
    if (to === undefined || from === undefined || to === from) return;
    const taskIds = integratedTasks(context);
    await log.append({ type: 'land-started', target, from, to });
    const outcome = await parts.merger.land({ runId: context.runId, target, from, to });
    if (outcome.status === 'landed') {
      await log.append({ type: 'landed', target, from, to, taskIds });
      return;
    }
    if (outcome.status === 'refused' || outcome.tip === undefined) return refuse(context, to, outcome);
    if (!(await joinTarget(context, checkCommit(parts.merger.name, 'land', outcome.tip)))) return;
  }
}

/** Brings what somebody else put on the target into the integration ref. False if that is not possible now. */
async function joinTarget(context: RunContext, tip: CommitId): Promise<boolean> {
  const { log, parts, runId, target } = context;
  const onto = log.state.integration;
  if (onto === undefined) return false;
  await log.append({ type: 'target-moved', tip });
  const message = `Merge ${target} into the work of run ${runId}\n`;
  const outcome = await parts.merger.integrate({ runId, label: 'target', onto, commit: tip, message });
  if (outcome.status === 'contained') {
    await log.append({ type: 'target-integrated', from: onto, commit: onto, tip });
    return true;
  }
  if (outcome.status === 'conflicted') {
    await log.append({ type: 'target-conflicted', tip, paths: outcome.paths });
    const files = outcome.paths.map((entry) => entry.path);
    await warn(
      context,
      `Somebody changed ${target} in a way that conflicts with this run's work: ${files.join(', ')}.`,
    );
    return false;
  }
  const commit = checkCommit(parts.merger.name, 'integrate', outcome.commit);
  const verdict = await runGate(context, 'target', commit);
  if (context.stopped.signal.aborted) return false;
  if (verdict.status !== 'green') {
    await warn(context, `Joined with what somebody else put on ${target}, the gate is ${verdict.status}.`);
    return false;
  }
  await parts.merger.advance({ runId, from: onto, to: commit });
  await log.append({ type: 'target-integrated', from: onto, commit, tip });
  return true;
}

async function refuse(context: RunContext, to: CommitId, outcome: LandOutcome): Promise<void> {
  const { log, target } = context;
  await log.append({ type: 'land-refused', target, to, outcome });
  const why =
    outcome.status === 'refused' ? outcome.message : `The branch ${target} does not exist any more.`;
  await warn(context, why);
}

async function warn(context: RunContext, message: string): Promise<void> {
  await context.log.append({
    type: 'warning',
    diagnostic: {
      code: 'PWT_LAND_REFUSED',
      severity: 'warning',
      message,
      hint: `The work is safe on the integration ref. When the way is clear: pwt land ${context.runId}`,
    },
  });
}

function integratedTasks(context: RunContext): readonly string[] {
  return [...context.log.state.tasks.values()]
    .filter((task) => task.outcome === 'integrated')
    .map((task) => task.task.id);
}
