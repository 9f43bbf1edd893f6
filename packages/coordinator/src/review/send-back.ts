import { defined, PwtError, type SentBackTask } from '@pwt/core';
import { followTarget } from '../landing/follow-target.js';
import type { Landing } from '../landing/landing.js';
import type { RunContext } from '../run/run-context.js';
import { requireReady } from './choose.js';
import { restartAt } from './restart.js';

/**
 * Takes tested work that a person does not want off the integration ref, which starts again from the target; what is left of the
 * integrated work is put on top of that. The rejected tasks go back to their agents.
 *
 * @returns the tasks whose next step is to be taken: those that are joined again, and the rejected ones
 * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_READY`, `PWT_REPLAY_UNSUPPORTED`
 */
export async function sendBack(
  context: RunContext,
  landing: Pick<Landing, 'turn'>,
  sentBack: readonly SentBackTask[],
  request?: string,
): Promise<readonly string[]> {
  let again: readonly string[] = [];
  await landing.turn(async () => {
    again = await sendBackInTurn(context, { sentBack, ...defined({ request }) });
  });
  return again;
}

async function sendBackInTurn(
  context: RunContext,
  back: { readonly sentBack: readonly SentBackTask[]; readonly request?: string },
): Promise<readonly string[]> {
  const { log, parts, target } = context;
  const { sentBack } = back;
  requireReady(
    log.run,
    sentBack.map(({ taskId }) => taskId),
  );
  requireRestart(context);
  const { landedTip: known } = log.run;
  const tip = await parts.merger.tip(target);
  const hasMoved = tip !== undefined && tip !== known;
  if (!hasMoved || (await followTarget(context, known, tip)).status !== 'to-join')
    return restartAt(context, { to: known, ...back });
  return restartAt(context, { to: tip, tip, ...back });
}

/** @throws PwtError `PWT_REPLAY_UNSUPPORTED` if the merger can't take work off the integration ref */
function requireRestart({ parts }: Pick<RunContext, 'parts'>): void {
  const { merger } = parts;
  if (merger.replay && merger.restart) return;
  throw new PwtError(
    'PWT_REPLAY_UNSUPPORTED',
    `${merger.name} can't take some of the integrated work and leave the rest.`,
    { hint: 'Land all of it: pwt land', data: { merger: merger.name } },
  );
}
