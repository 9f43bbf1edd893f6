import { type ChosenLanding, defined, type LandOutcome } from '@pwt/core';
import { checkLanded } from '../contract-check.js';
import type { LandedWorkspaces } from '../landing/landed-workspaces.js';
import type { Landing } from '../landing/landing.js';
import { findLandingObstacle } from '../landing/landing-obstacle.js';
import { recordFinding } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';
import { restartAt } from './restart.js';
import { testChosen, type Why } from './test-chosen.js';

/** How often a landing follows a target that keeps moving. */
const FOLLOW_LIMIT = 5;

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
    const tested = await testChosen(context, chosen);
    if (tested.status === 'stopped') return [];
    if (tested.status === 'declined') return decline(context, chosen, tested.why);
    const { from, chain } = tested;
    const obstacle = await obstacleOf(context);
    if (obstacle !== undefined) return decline(context, chosen, obstacle);
    const { head: to, isOnLine, tasks } = chain;
    const own = isOnLine ? {} : { tasks };
    const { taskIds } = chosen;
    await workspaces.makeRoom(taskIds);
    await log.append({ type: 'land-started', target, from, to, ...own });
    const outcome =
      to === from
        ? UNMOVED
        : checkLanded(parts.merger.name, await parts.merger.land({ runId, target, from, to }));
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

/** Of work that the target has already, or that needed no change. */
const UNMOVED: LandOutcome = { status: 'landed' };

/** After chosen work has landed by itself: the rest is put on top of it. Does nothing where that is done. */
export async function startAgain(context: RunContext): Promise<readonly string[]> {
  const { restartFrom: to } = context.log.run;
  return to === undefined ? [] : restartAt(context, { to });
}

async function decline(context: RunContext, chosen: ChosenLanding, why: Why): Promise<readonly string[]> {
  await context.log.append({ type: 'landing-declined', ...chosen, ...why });
  return [];
}

async function obstacleOf(context: RunContext): Promise<Why | undefined> {
  const state = await context.lookout?.look();
  const obstacle = state && findLandingObstacle(context, state);
  if (obstacle === undefined) return undefined;
  const { message, hint } = obstacle;
  return { kind: 'checkout', message, needs: [], ...defined({ hint }) };
}
