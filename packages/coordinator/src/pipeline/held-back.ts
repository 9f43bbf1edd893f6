import { type AttemptEnding, capText, type TaskState } from '@pwt/core';
import { pausingFailure } from '../breaker/breaker.js';
import type { RunContext } from '../run/run-context.js';
import { agentEnding } from './agent-ending.js';

/** True for a dispatched task whose agent was paused meanwhile, or where a cap was reached. */
export function isKeptFromStarting({ breaker, spending }: RunContext, task: TaskState): boolean {
  return spending.reached !== undefined || !breaker.mayLaunch(task);
}

/**
 * How an attempt ended with which its agent could not go on, whatever the task: the same task goes on when agents may work
 * again, and has not failed. `undefined` for every other end. Pure.
 */
export function heldBack({ exit, capped }: Pick<TaskState, 'exit' | 'capped'>): AttemptEnding | undefined {
  if (exit === undefined) return undefined;
  if (exit.kind === 'stopped' && capped && capped.scope !== 'task') {
    const reason = `stopped: ${capText(capped)}`;
    return { status: 'cancelled', reason, failure: { kind: 'budget', message: reason } };
  }
  return pausingFailure(exit) && agentEnding(exit);
}
