import { type CommitId, hasCode, type LandOutcome } from '@pwt/core';
import { checkAdvanced, checkIntegrated, checkLanded } from '../contract-check.js';
import type { RunContext } from '../run-context.js';
import { makeRoom } from './clean-up.js';
import { reasonOf } from './finish.js';
import { runGate } from './run-gate.js';

/** For how long landing may be left to the next task in the queue. */
const LAND_INTERVAL_MS = 5000;

/** So many tasks are not left to the next one: their workspaces are to be removed by and by, not all at once. */
const LAND_BATCH = 8;

/** How often a target that somebody else keeps moving is chased before landing is put off. */
const CHASE_LIMIT = 5;

/**
 * Lands now, or leaves it to a task that is waiting to be joined: several that end together land in one go. A
 * long queue, or a slow gate, does not hold landing up for more than a few seconds.
 */
export async function landSoon(context: RunContext): Promise<void> {
  const sinceMs = Math.abs(context.clock.now() - context.landTriedAt);
  const mayWait = context.landWarning !== undefined || integratedTasks(context).length < LAND_BATCH;
  if (context.queue.waiting > 0 && sinceMs < LAND_INTERVAL_MS && mayWait) return;
  await tryLand(context);
}

/** Lands where landing is on. If it fails, that is said and it is tried again later: the run goes on. */
export async function tryLand(context: RunContext): Promise<void> {
  if (!context.options.autoMerge) return;
  context.landTriedAt = context.clock.now();
  try {
    await land(context);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await warn(context, `${context.target} could not be moved: ${reasonOf(error)}`);
  }
}

/**
 * Moves the target to the integration tip. If somebody else moved the target meanwhile, their commits are
 * merged and gated first. What can't land now stays on the integration ref. Runs inside the queue.
 */
export async function land(context: RunContext): Promise<void> {
  const { log, target, parts, runId } = context;
  for (let attempt = 0; attempt < CHASE_LIMIT; attempt += 1) {
    const { integration: to, landedTip: from } = log.state;
    if (to === undefined || from === undefined || to === from) return;
    const taskIds = integratedTasks(context);
    await makeRoom(context, taskIds.length);
    await log.append({ type: 'land-started', target, from, to });
    const outcome = checkLanded(parts.merger.name, await parts.merger.land({ runId, target, from, to }));
    if (outcome.status === 'landed') {
      await log.append({ type: 'landed', target, from, to, taskIds });
      context.removals.add(taskIds);
      context.landWarning = undefined;
      return;
    }
    if (outcome.status === 'refused' || outcome.tip === undefined) return refuse(context, to, outcome);
    if (!(await joinTarget(context, outcome.tip))) return;
  }
  await warn(context, `Somebody keeps moving ${target}: landing is put off.`);
}

/** Brings what somebody else put on the target into the integration ref. False if that is not possible now. */
async function joinTarget(context: RunContext, tip: CommitId): Promise<boolean> {
  const { log, parts, runId, target } = context;
  const onto = log.state.integration;
  if (onto === undefined) return false;
  await log.append({ type: 'target-moved', tip });
  const message = `Merge ${target} into the work of run ${runId}\n`;
  const answer = await parts.merger.integrate({ runId, label: 'target', onto, commit: tip, message });
  const outcome = checkIntegrated(parts.merger.name, answer);
  if (outcome.status === 'contained') {
    await log.append({ type: 'target-integrated', from: onto, commit: onto, tip });
    return true;
  }
  if (outcome.status === 'conflicted') {
    await log.append({ type: 'target-conflicted', tip, paths: outcome.paths });
    const files = outcome.paths.map((entry) => entry.path).join(', ');
    await warn(context, `Somebody changed ${target} in a way that conflicts with this run's work: ${files}.`);
    return false;
  }
  const { commit } = outcome;
  const verdict = await runGate(context, 'target', commit);
  if (context.stopped.signal.aborted) return false;
  if (verdict.status !== 'green') {
    await warn(context, `Joined with what somebody else put on ${target}, the gate is ${verdict.status}.`);
    return false;
  }
  const advanced = checkAdvanced(
    parts.merger.name,
    await parts.merger.advance({ runId, from: onto, to: commit }),
  );
  if (advanced.status === 'moved' && advanced.tip !== commit) {
    await warn(context, `The integration ref was moved by somebody else (to ${advanced.tip}).`);
    return false;
  }
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

/** Landing is tried after every task; what is in its way is said once. */
async function warn(context: RunContext, message: string): Promise<void> {
  if (context.landWarning === message) return;
  context.landWarning = message;
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
  const ids: string[] = [];
  for (const task of context.log.state.tasks.values()) {
    if (task.outcome === 'integrated') ids.push(task.task.id);
  }
  return ids;
}
