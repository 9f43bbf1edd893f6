import { type CommitId, hasCode, isOpenError, type LandOutcome } from '@pwt/core';
import { checkAdvanced, checkIntegrated, checkLanded } from '../contract-check.js';
import { makeRoom } from '../pipeline/clean-up.js';
import { runGate } from '../pipeline/run-gate.js';
import { reasonOf } from '../reason-of.js';
import { report, tell } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';
import { tellAdded } from './added-commits.js';
import { findLandingObstacle } from './landing-obstacle.js';
import { describeRewrite } from './rewritten.js';

/** For how long landing may be left to the next task in the queue. */
const LAND_INTERVAL_MS = 5000;

/** So many tasks are not left to the next one: their workspaces are to be removed by and by, not all at once. */
const LAND_BATCH = 8;

/** How often a target that keeps moving is chased before landing is put off. */
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
 * Moves the target to the integration tip. If the target has moved meanwhile, the new commits are
 * merged and gated first. What can't land now stays on the integration ref. Runs inside the queue.
 */
export async function land(context: RunContext): Promise<void> {
  const { log, target, parts, runId } = context;
  if (log.state.integration === log.state.landedTip) return;
  if (await isObstructed(context)) return;
  for (let attempt = 0; attempt < CHASE_LIMIT; attempt += 1) {
    const { integration: to, landedTip: from } = log.state;
    if (to === undefined || from === undefined || to === from) return;
    const taskIds = integratedTasks(context);
    await makeRoom(context, taskIds.length);
    await log.append({ type: 'land-started', target, from, to });
    const outcome = checkLanded(parts.merger.name, await parts.merger.land({ runId, target, from, to }));
    if (outcome.status === 'landed') {
      await log.append({ type: 'landed', target, from, to, taskIds });
      for (const finding of outcome.findings ?? []) await report(context, finding);
      context.removals.add(taskIds);
      context.landWarning = undefined;
      return;
    }
    if (outcome.status === 'refused' || outcome.tip === undefined) return refuse(context, to, outcome);
    if (!(await followTarget(context, from, outcome.tip))) return refuseMove(context, from, to, outcome.tip);
    if (!(await joinTarget(context, outcome.tip))) return;
  }
  await warn(context, `${target} keeps moving: landing is put off.`);
}

/** What a landing can't be made over is said, with the command that puts it right. */
async function isObstructed(context: RunContext): Promise<boolean> {
  const state = await context.lookout?.look();
  const obstacle = state && findLandingObstacle(context, state);
  if (obstacle === undefined) return false;
  const { message, hint, subjects = [] } = obstacle;
  const { log, target } = context;
  await tell(context, obstacle, [...context.agents.keys()]);
  const outcome = { status: 'refused', reason: 'checkout', paths: subjects, message } as const;
  await log.append({ type: 'land-refused', target, to: log.state.integration ?? '', outcome });
  await warn(context, message, hint);
  return true;
}

/**
 * Looks at a move of the target that this run has not made. False if it is not to be joined: a target that no longer
 * contains what was known of it, or that was moved behind a checkout whose files can't be brought along.
 */
async function followTarget(context: RunContext, known: CommitId, tip: CommitId): Promise<boolean> {
  const running = context.lookout?.ranWhenMovedTo(tip) ?? [...context.agents.keys()];
  const rewrite = await describeRewrite(context, known, tip);
  if (rewrite !== undefined) await tell(context, rewrite, running);
  else await tellAdded(context, known, tip, running);
  const { parts, runId, target } = context;
  // Where the user is to decide on the move, the files stay until then.
  const move = { runId, target, from: known, to: tip, onlyLook: rewrite !== undefined };
  const findings = (await parts.merger.bringAlong?.(move)) ?? [];
  for (const finding of findings) await tell(context, finding, running);
  return rewrite === undefined && findings.every(({ severity }) => severity !== 'error');
}

/** At the end: a target that was moved since it was last joined is looked at, too. Joins nothing. */
export async function settleTarget(context: RunContext): Promise<void> {
  const { landedTip } = context.log.state;
  const tip = await context.parts.merger.tip(context.target);
  if (!context.options.autoMerge || landedTip === undefined || tip === undefined || tip === landedTip) return;
  await followTarget(context, landedTip, tip);
}

/** Brings what has come to the target into the integration ref. False if that is not possible now. */
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
    const message = `${target} has changed in a way that conflicts with this run's work: ${files}.`;
    await warn(context, message, mergeByHand(context));
    return false;
  }
  const { commit } = outcome;
  const verdict = await runGate(context, 'target', commit);
  if (context.stopped.signal.aborted) return false;
  if (verdict.status !== 'green') {
    const message = `Joined with what has come to ${target}, the gate is ${verdict.status}.`;
    await warn(context, message, mergeByHand(context));
    return false;
  }
  const advanced = checkAdvanced(
    parts.merger.name,
    await parts.merger.advance({ runId, from: onto, to: commit }),
  );
  if (advanced.status === 'moved' && advanced.tip !== commit) {
    await warn(context, `The integration ref was moved to ${advanced.tip}, and not by pwt.`);
    return false;
  }
  await log.append({ type: 'target-integrated', from: onto, commit, tip });
  return true;
}

/** A move of the target that is not to be joined is for the user to decide on. */
async function refuseMove(context: RunContext, known: CommitId, to: CommitId, tip: CommitId): Promise<void> {
  const { log, target } = context;
  const rewrite = await describeRewrite(context, known, tip);
  const found = log.state.findings.filter((finding) => finding.kind === 'target' && isOpenError(finding));
  const {
    message,
    hint,
    subjects = [],
  } = rewrite ?? found.at(-1) ?? { message: `${target} was moved to ${tip}.` };
  const outcome: LandOutcome = rewrite
    ? { status: 'moved', tip }
    : { status: 'refused', reason: 'checkout', paths: subjects, message };
  await log.append({ type: 'land-refused', target, to, outcome });
  await warn(context, message, hint);
}

async function refuse(context: RunContext, to: CommitId, outcome: LandOutcome): Promise<void> {
  const { log, target } = context;
  await log.append({ type: 'land-refused', target, to, outcome });
  const why =
    outcome.status === 'refused' ? outcome.message : `The branch ${target} does not exist any more.`;
  await warn(context, why);
}

/** What only a person can join: what then is on the target counts as landed. */
function mergeByHand({ runId, target }: RunContext): string {
  return `Join them on ${target} yourself, and commit: git merge --no-commit refs/pwt/${runId}/integration`;
}

/** Landing is tried after every task; what is in its way is said once. */
async function warn(
  context: RunContext,
  message: string,
  hint = `The work is safe on the integration ref. When the way is clear: pwt land ${context.runId}`,
): Promise<void> {
  if (context.landWarning === message) return;
  context.landWarning = message;
  await context.log.append({
    type: 'warning',
    diagnostic: {
      code: 'PWT_LAND_REFUSED',
      severity: 'warning',
      message,
      hint,
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
