import { type ChosenLanding, type CommitId, type DeclinedLanding, defined, type Verdict } from '@pwt/core';
import { checkLanded } from '../contract-check.js';
import { followTarget, refusalOfMove } from '../landing/follow-target.js';
import { judgeWhole } from '../landing/judge-whole.js';
import type { LandedWorkspaces } from '../landing/landed-workspaces.js';
import type { Landing } from '../landing/landing.js';
import { findLandingObstacle } from '../landing/landing-obstacle.js';
import { saidOf } from '../pipeline/endings.js';
import { firstRed, lastLineOf } from '../pipeline/verdicts.js';
import { recordFinding } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';
import { type ChosenChain, chainOf } from './chosen-chain.js';
import { builtOn, neededToJoin } from './needs.js';
import { restartAt } from './restart.js';

/** How often a landing follows a target that keeps moving. */
const FOLLOW_LIMIT = 5;

type Joined = Extract<ChosenChain, { readonly status: 'joined' }>;
type Why = Omit<DeclinedLanding, keyof ChosenLanding>;

/**
 * Lands what a person has chosen, as the log has it: joined to the target as it is, tested as that very commit, and landed as
 * that commit. What is left of the integrated work goes back into the queue, on top of it. If the choice can't be joined, or
 * the gate does not let it through, nothing has happened but that this is recorded.
 *
 * Each step is recorded before it is made, so a resumed run goes on where this one was killed.
 *
 * @returns the tasks that are to be joined again
 */
export async function landChosen(context: RunContext, landing: Landing): Promise<readonly string[]> {
  let again: readonly string[] = [];
  if (context.log.state.chosen !== undefined)
    await landing.turn(async () => {
      again = await landInTurn(context, landing.workspaces);
    });
  return again;
}

async function landInTurn(context: RunContext, workspaces: LandedWorkspaces): Promise<readonly string[]> {
  const { log, parts, target, runId } = context;
  for (let attempt = 0; attempt < FOLLOW_LIMIT; attempt += 1) {
    const { chosen } = log.run;
    if (chosen === undefined) return [];
    const from = await targetTip(context);
    if (typeof from !== 'string') return decline(context, chosen, from);
    const chain = await chainOf(context, chosen.taskIds, from);
    if (chain.status === 'conflicted')
      return decline(context, chosen, await conflictOf(context, chosen, from, chain));
    const verdict = await judged(context, chosen, from, chain);
    if (verdict === 'stopped') return [];
    if (verdict !== undefined) return decline(context, chosen, await redOf(context, chosen, verdict, chain));
    const obstacle = await obstacleOf(context);
    if (obstacle !== undefined) return decline(context, chosen, obstacle);
    const { head: to, isOnLine, tasks } = chain;
    const own = isOnLine ? {} : { tasks };
    const { taskIds } = chosen;
    await workspaces.makeRoom(taskIds.length);
    await log.append({ type: 'land-started', target, from, to, ...own });
    const outcome = checkLanded(parts.merger.name, await parts.merger.land({ runId, target, from, to }));
    if (outcome.status === 'moved') continue;
    if (outcome.status === 'refused') {
      await log.append({ type: 'land-refused', target, to, outcome });
      return decline(context, chosen, { kind: 'checkout', message: outcome.message, needs: [] });
    }
    await log.append({ type: 'landed', target, from, to, taskIds, ...own });
    for (const finding of outcome.findings ?? []) await recordFinding(context, finding);
    workspaces.add(taskIds);
    return startAgain(context);
  }
  const { chosen } = log.run;
  const message = `${target} keeps moving: landing is put off.`;
  return chosen === undefined ? [] : decline(context, chosen, { kind: 'target', message, needs: [] });
}

/** After chosen work has landed by itself: the rest is put on top of it. Does nothing where that is done. */
export async function startAgain(context: RunContext): Promise<readonly string[]> {
  const { restartFrom: to } = context.log.run;
  return to === undefined ? [] : restartAt(context, { to });
}

async function decline(context: RunContext, chosen: ChosenLanding, why: Why): Promise<readonly string[]> {
  await context.log.append({ type: 'landing-declined', ...chosen, ...why });
  return [];
}

/** Where the target is, or why nothing can be put there. */
async function targetTip(context: RunContext): Promise<CommitId | Why> {
  const { log, parts, target } = context;
  const { landedTip: known } = log.run;
  const tip = await parts.merger.tip(target);
  if (tip === undefined)
    return { kind: 'target', message: `The branch ${target} does not exist any more.`, needs: [] };
  if (tip === known) return tip;
  const move = await followTarget(context, known, tip);
  if (move.status === 'to-join') return tip;
  const { message, hint } = refusalOfMove(context, tip, move.rewrite).refusal;
  return { kind: 'target', message, needs: [], ...defined({ hint }) };
}

async function obstacleOf(context: RunContext): Promise<Why | undefined> {
  const state = await context.lookout?.look();
  const obstacle = state && findLandingObstacle(context, state);
  if (obstacle === undefined) return undefined;
  const { message, hint } = obstacle;
  return { kind: 'checkout', message, needs: [], ...defined({ hint }) };
}

/** @returns the verdict of a gate that does not let it through; `undefined` if nothing keeps it back */
async function judged(
  context: RunContext,
  { taskIds }: ChosenLanding,
  onto: CommitId,
  { head: commit }: Joined,
): Promise<Verdict | 'stopped' | undefined> {
  const { gate } = context.parts;
  if (gate === undefined || commit === onto) return undefined;
  const whole = { taskIds, purpose: 'choice', onto, commit, isKnownRed: false } as const;
  const answer = await judgeWhole(context, gate, whole);
  if (answer.status === 'rejected') return answer.verdict;
  return answer.status === 'stopped' ? 'stopped' : undefined;
}

async function conflictOf(
  context: RunContext,
  { taskIds }: ChosenLanding,
  tip: CommitId,
  { taskId, paths }: Extract<ChosenChain, { readonly status: 'conflicted' }>,
): Promise<Why> {
  const needs = await neededToJoin(context, taskIds, tip, { taskId, paths });
  const files = paths.map(({ path }) => path).join(', ');
  const message =
    needs.length > 0
      ? `Task ${taskId} can't land without ${needs.join(', ')}: they change the same lines of ${files}.`
      : `Task ${taskId} can't be joined to ${context.target}: conflicts in ${files}.`;
  return { kind: 'conflict', message, needs, unjoined: taskId, paths };
}

async function redOf(
  context: RunContext,
  { taskIds }: ChosenLanding,
  verdict: Verdict,
  { head }: Joined,
): Promise<Why> {
  const part = firstRed(verdict);
  const line = lastLineOf(verdict, part);
  const { verdicts } = context.log.state;
  const logFile = part?.logFile ?? verdicts.get(head)?.logFile;
  const needs = verdict.status === 'broken' ? [] : await builtOn(context, taskIds);
  const what = `On ${context.target} with ${taskIds.join(', ')} and nothing else, ${saidOf(verdict, part)}`;
  const builds = needs.length === 0 ? '' : `. They build on ${needs.join(', ')}`;
  const message = `${what}${line === '' ? '' : `: ${line}`}${builds}.`.replace(/\.\.$/, '.');
  return { kind: 'gate', message, needs, ...defined({ logFile }) };
}
