import { join } from 'node:path';
import type { Git } from '../git.js';
import { kindOf } from './mirror.js';

/** Where the project takes a submodule from, as `git submodule init` has written it; `null` if it has not. */
export async function configuredUrl(project: Git, name: string): Promise<string | null> {
  return readSetting(project, ['config', '--get', `submodule.${name}.url`]);
}

/** Where the repository of a submodule was cloned from. Read as data, and only if it is an address or a path. */
export async function moduleUrl(project: Git, gitDir: string): Promise<string | null> {
  const file = join(gitDir, 'config');
  if ((await kindOf(file)) !== 'file') return null;
  const url = await readSetting(project, ['config', '--file', file, '--get', 'remote.origin.url']);
  return isPlainUrl(url) ? url : null;
}

/** True for what fetches over a network or from a folder; not for a remote helper, which could run anything. */
export function isPlainUrl(url: string | null): url is string {
  return url !== null && /^(?:(?:https?|ssh|git|file):\/\/|\/|[\w.-]+@[\w.-]+:)/.test(url);
}

async function readSetting(git: Git, args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 1, 128] });
  return exitCode === 0 ? stdout.replace(/\n$/, '') : null;
}
