import { setTimeout as after } from 'node:timers/promises';
import type { DecisionMessage } from '@pwt/coordinator';
import { PwtError, type RunEvent, type RunState, reduceRun } from '@pwt/core';
import { inboxDir } from '../../project/project.js';
import { readLockHolder } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';

const LOOK_EVERY_MS = 200;

/**
 * Has the process that drives a run decide on finished work, and waits until it has.
 *
 * @returns the run after it; `undefined` where no process drives the run and nothing was asked
 * @throws PwtError what the run says against it; `PWT_REQUEST_UNFINISHED` if the process has ended in the middle of it
 */
export async function askRun(
  context: OperationContext,
  runId: string,
  message: DecisionMessage,
): Promise<RunState | undefined> {
  if (!(await isActive(context, runId))) return undefined;
  const { FileInbox } = await import('@pwt/coordinator');
  const inbox = new FileInbox(inboxDir(context.project, runId));
  const id = await inbox.put(message, Date.now());
  for (;;) {
    // In this order: what ends between the two has said it.
    const active = await isActive(context, runId);
    const events = await context.runs.events(runId);
    const done = events.find((event) => event.type === 'request-done' && event.id === id);
    if (done !== undefined) return stateAfter(events, done);
    if (!active) {
      const isBack = await inbox.withdraw(id);
      const isTaken = events.some((event) => event.type === 'request-taken' && event.id === id);
      if (isBack && !isTaken) return undefined;
      throw unfinished(runId);
    }
    await after(LOOK_EVERY_MS);
  }
}

/** True if a live process drives this run. */
export async function isActive(
  { project }: Pick<OperationContext, 'project'>,
  runId: string,
): Promise<boolean> {
  const holder = await readLockHolder(project);
  return holder?.alive === true && holder.runId === runId;
}

function stateAfter(events: readonly RunEvent[], done: RunEvent): RunState {
  if (done.type === 'request-done' && done.refused !== undefined) {
    const { code, message, hint } = done.refused;
    throw new PwtError(code as PwtError['code'], message, hint === undefined ? {} : { hint });
  }
  return reduceRun(events);
}

function unfinished(runId: string): PwtError {
  return new PwtError('PWT_REQUEST_UNFINISHED', `Run ${runId} has ended before it was done.`, {
    hint: 'It is in the log of the run, and is done when the run goes on: pwt resume',
    data: { runId },
  });
}
