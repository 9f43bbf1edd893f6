import type { AttemptEnding } from '@pwt/core';
import { inline } from './quote.js';

/** For an agent whose earlier attempt did not end by itself, or ended with an error. */
export function agentEnded({ reason }: AttemptEnding): string {
  return `Your last turn did not come to its end: ${inline(reason, 500)}. What you had written is still in your worktree. Look at it with \`git status\` and \`git log\`, and go on from there.`;
}
