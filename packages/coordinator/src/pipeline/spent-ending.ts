import { capText, type ReachedCap } from '@pwt/core';
import type { Ending } from './finish.js';

/** The end of a task that has used what it may. */
export function spentEnding(reached: ReachedCap): Ending {
  const reason = `stopped: ${capText(reached)}`;
  return { status: 'failed', reason, failure: { kind: 'budget', message: reason } };
}
