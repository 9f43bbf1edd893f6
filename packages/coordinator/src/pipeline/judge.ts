import { isElsewhere } from '@pwt/core';
import { checkCollected } from '../contract-check.js';
import { recordFinding } from '../run/findings.js';
import { intrudedFiles } from '../run/lookout/intrusion.js';
import { agentEnding } from './agent-ending.js';
import { continueTask, endAttempt } from './end-attempt.js';
import { endForPerson } from './end-for-person.js';
import { heldBack } from './held-back.js';
import { keepWork, recordSnapshot } from './keep-work.js';
import { spentEnding } from './spent-ending.js';
import type { Step } from './step.js';

/** Decides what an agent's end means for its task, and collects its work if it ended well. */
export const judge: Step<'exited'> = async (context, state) => {
  const { exit, task, workspace } = state;
  const { id: taskId } = task;
  if (exit.kind === 'stopped' && context.stop.mode !== undefined) {
    await keepWork(context, taskId, 'stopped');
    return 'pause';
  }
  if (!isElsewhere(workspace)) await context.agents.startups.letGoFirst(context.clock);
  await context.lookout?.idle();
  if (await endForPerson(context, state)) return;
  const held = heldBack(state);
  if (held) {
    await continueTask(context, taskId, held, { uncounted: true });
    return;
  }
  const { capped } = state;
  const ending = exit.kind === 'stopped' && capped ? spentEnding(capped) : agentEnding(exit);
  if (ending) {
    await endAttempt(context, taskId, ending);
    return;
  }
  const { provider } = context.parts;
  const message = `${task.title}\n\nCommitted by pwt: the agent left this work uncommitted.\n\nPwt-Task: ${taskId}\n`;
  const intruded = intrudedFiles(context.log.state, taskId);
  const result = checkCollected(provider.name, await provider.collect({ workspace, message, intruded }));
  if (result.snapshot)
    await recordSnapshot(context, taskId, result.snapshot, 'before its work was committed');
  for (const finding of result.findings ?? []) await recordFinding(context, finding);
  if (result.status === 'held') {
    // Not recorded as collected: when the cause is gone, a resumed run collects again.
    const reason = result.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`))
      .join(' ');
    // A merge that an agent or a person was to finish: the conflict is still there.
    const isMerge = result.findings.some(({ kind, severity }) => kind === 'merge' && severity === 'error');
    const kind = isMerge ? 'conflict' : 'not-collected';
    await endAttempt(context, taskId, { status: 'held', reason, failure: { kind, message: reason } });
    return;
  }
  const { commit, changes, committedLeftovers } = result;
  await context.log.append({ type: 'work-collected', taskId, commit, changes, committedLeftovers });
};
