import type { TaskIn } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { continueTask } from './end-attempt.js';

/** A task whose work a person has rejected waits for its agent again, which reads why. */
export async function continueSentBack(
  context: RunContext,
  { task }: TaskIn<'audited'>,
  why: string,
): Promise<void> {
  const failure = { kind: 'rejected', message: why } as const;
  const ending = { status: 'failed', reason: `sent back: ${why}`, failure } as const;
  // It is a person's wish, and takes nothing from what the policy grants.
  await continueTask(context, task.id, ending, { uncounted: true });
}
