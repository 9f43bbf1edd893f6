import type { TaskState } from '@pwt/core';
import { inline } from './quote.js';

const PATHS = 30;

/** What the branch of a task that goes on holds, for an agent that does not remember it. */
export function branchHolds({ changes, commit }: TaskState): readonly string[] {
  if (changes === undefined || changes.length === 0 || commit === undefined) return [];
  const shown = changes.slice(0, PATHS).map(({ path, kind }) => `- \`${inline(path)}\` (${kind})`);
  const more = changes.length > PATHS ? [`- and ${changes.length - PATHS} more`] : [];
  return ['Your branch holds, committed, changes to:', [...shown, ...more].join('\n')];
}
