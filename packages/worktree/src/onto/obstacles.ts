import { join } from 'node:path';
import { compareTrees, filesInTheWay, findInnerGitDir, objectsOf } from '@pwt/git';
import type { Opened } from '../collect.js';

/** How many paths a reason names. */
const SHOWN = 5;

/**
 * Why the files of a worktree can't be brought from one tree to another without a loss; `undefined` if they can.
 *
 * @param trees by full id
 */
export async function obstaclesTo(
  { git, record }: Opened,
  trees: { readonly from: string; readonly to: string },
): Promise<string | undefined> {
  const inTheWay = await filesInTheWay(git, trees);
  if (inTheWay.length > 0) return `files that are in no commit would be overwritten: ${named(inTheWay)}`;
  const changes = await compareTrees(objectsOf(git), trees.from, trees.to);
  const hidden = changes.map(({ path }) => path).filter((path) => Object.hasOwn(record.hidden ?? {}, path));
  if (hidden.length > 0)
    return `files that set-up has changed and hidden would be overwritten: ${named(hidden)}`;
  const links = changes.filter(({ oldMode, newMode }) => oldMode === '160000' || newMode === '160000');
  const populated: string[] = [];
  for (const { path } of links) {
    if ((await findInnerGitDir(join(git.cwd, path))) !== null) populated.push(path);
  }
  return populated.length > 0
    ? `another commit of a submodule belongs to it: ${named(populated)}`
    : undefined;
}

function named(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return `${paths.slice(0, SHOWN).join(', ')}${more}`;
}
