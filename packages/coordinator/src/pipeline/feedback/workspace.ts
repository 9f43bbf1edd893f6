import type { MovedWorkspace } from '@pwt/core';
import { inline } from './quote.js';

/** What the agent of a task that goes on finds in its worktree. */
export function workspaceSays(moved: MovedWorkspace | undefined): string | undefined {
  switch (moved?.status) {
    case 'merged':
      return `Your branch contains what the other tasks have finished so far (commit ${moved.onto.slice(0, 12)}): look at the files again before you change them.`;
    case 'conflicted': {
      const files = moved.paths.map(({ path }) => `- \`${inline(path)}\``).join('\n');
      return `What the other tasks have finished meanwhile (commit ${moved.onto.slice(0, 12)}) is being merged into your branch, and stopped at conflicts. Git's conflict markers are in:\n\n${files}\n\nResolve them, so that no marker is left, test the result, then \`git add\` the files and \`git commit\` to finish the merge. Do not abort the merge.`;
    }
    default:
      return undefined;
  }
}
