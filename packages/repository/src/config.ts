import { stat } from 'node:fs/promises';
import type { ConfigState } from '@pwt/core';
import { type Git, isExecutableConfigKey, splitConfigRecord } from '@pwt/git';
import { digest } from './digest.js';

/** Keys whose value is needed to put it back. Others may hold secrets: of them a digest is kept. */
const READABLE = /^(core\.(bare|worktree|repositoryformatversion)|extensions\..+)$/;

/**
 * One configuration file with all that it includes; `null` if it does not exist.
 *
 * Read as a file, so that it can also be read when git would not take the repository for one any more.
 *
 * @param ownBranches whose sections are left out
 */
export async function readConfig(
  git: Git,
  file: string,
  ownBranches: readonly string[],
): Promise<ConfigState | null> {
  // Most checkouts have none of their own: no process is started to find that out.
  if (await isMissing(file)) return null;
  const { exitCode, stdout } = await git.run(['config', '--file', file, '--includes', '--list', '-z'], {
    okExitCodes: [0, 1, 128],
  });
  if (exitCode !== 0) return null;
  const own = ownBranches.map((branch) => `branch.${branch}.`);
  const values = new Map<string, string[]>();
  for (const [key, value] of stdout.split('\0').filter(Boolean).map(splitConfigRecord)) {
    if (own.some((section) => key.startsWith(section))) continue;
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return {
    file,
    values: Object.fromEntries([...values].map(([key, all]) => [key, recorded(key, all)])),
    commands: [...values.keys()].filter(isExecutableConfigKey),
  };
}

async function isMissing(file: string): Promise<boolean> {
  try {
    await stat(file);
    return false;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

function recorded(key: string, values: readonly string[]): string {
  return READABLE.test(key) ? (values.at(-1) ?? '') : digest(values.join('\0'));
}
