import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '@pwt/core';
import type { Project } from '../../project/project.js';

/** Hooks that git would run on commits, merges and checkouts like those of pwt (githooks(5)). */
const HOOKS: ReadonlySet<string> = new Set([
  ...['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'],
  ...['post-merge', 'post-checkout', 'post-rewrite', 'reference-transaction'],
]);

/** Names the hooks of the user's that pwt's own git commands do not run. Agents' commits run them as ever. */
export async function hooksNote({ repository, root, env }: Project): Promise<Diagnostic[]> {
  const { commonDir, hooksPath } = repository;
  const written = hooksPath?.replace(/^~(?=\/)/, env.HOME ?? '~');
  const folder = written ? resolve(root, written) : join(commonDir, 'hooks');
  const names = await hooksIn(folder);
  if (names.length === 0) return [];
  return [
    {
      code: 'PWT_HOOKS_NOT_RUN',
      severity: 'info',
      message: `pwt's own commits and merges run no hooks: ${names.join(', ')} (in ${folder}).`,
      hint: 'What has to hold for everything that lands belongs into the gate: see the setting gate.',
    },
  ];
}

async function hooksIn(folder: string): Promise<string[]> {
  // There, husky keeps a file for every hook; those that do something are one folder higher.
  const isHusky = basename(folder) === '_' && basename(dirname(folder)) === '.husky';
  const place = isHusky ? dirname(folder) : folder;
  const names = (await readdir(place).catch(() => [])).filter((name) => HOOKS.has(name)).sort();
  const runs = await Promise.all(
    names.map((name) =>
      stat(join(place, name)).then(
        (file) => file.isFile() && (isHusky || (file.mode & 0o111) !== 0),
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => runs[index]);
}
