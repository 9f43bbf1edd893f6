import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expectWorktrees } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { badLocation, locate } from './location.js';
import { branchName, taskValues } from './naming.js';
import { forbiddenFolders } from './prepare.js';

/**
 * Finds out whether worktrees and scratch checkouts can be made where the templates put them. Makes nothing.
 *
 * @throws PWT_TEMPLATE_INVALID, PWT_WORKTREE_LOCATION
 */
export async function checkPlaces(context: ProviderContext): Promise<void> {
  const { git, worktrees, templates } = context;
  const [home, paths] = await Promise.all([context.home(), worktrees.list()]);
  const values = { ...taskValues({ repo: home.name, runId: 'r', taskId: '1', title: 'task' }) };
  branchName(templates.branch, values);
  const forbidden = await forbiddenFolders(git, home, paths);
  const scratch = { repo: home.name, run: 'r', n: '1' };
  for (const [template, filled] of [
    [templates.worktree, values],
    [templates.scratch, scratch],
  ] as const) {
    const path = await locate({ root: home.root, template, values: filled, forbidden });
    await requireWritable(path);
  }
  expectWorktrees(git);
}

/** Whether the nearest folder above that exists lets something be made in it. */
async function requireWritable(path: string): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      return await access(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw badLocation(path, `you may not write in ${folder} (${code})`);
    }
  }
}
