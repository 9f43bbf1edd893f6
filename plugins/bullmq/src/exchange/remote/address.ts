import { PwtError } from '@pwt/core';
import type { Git } from '@pwt/git';

/**
 * Where a remote is: of a name, the address that pushes go to, for they have to be read from there too; everything else is an address
 * itself.
 *
 * @throws PwtError `PWT_REMOTE_UNKNOWN`, `PWT_EXCHANGE_UNSAFE`
 */
export async function resolveAddress(git: Git, remote: string): Promise<string> {
  if (remote.startsWith('-') || remote.trim() === '') throw unknown(remote);
  const args = ['remote', 'get-url', '--push', '--', remote];
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 2, 128] });
  const address = exitCode === 0 ? stdout.trim() : remote;
  if (exitCode !== 0 && !/[:/\\]/.test(remote)) throw unknown(remote);
  return requireSafe(address);
}

/** @throws PwtError `PWT_EXCHANGE_UNSAFE` for what anybody in the network could read and write, or what would run a program */
export function requireSafe(address: string): string {
  if (!/^(?:git:\/\/|ext::|-)/i.test(address)) return address;
  throw new PwtError(
    'PWT_EXCHANGE_UNSAFE',
    `${withoutPassword(address)} is no address for code to travel by: it asks nobody who they are.`,
    { hint: 'Use ssh, https, or a bare repository on a shared disk.' },
  );
}

/** A text in which no address has a user's name or password. */
export function withoutPassword(text: string): string {
  return text.replace(/(\w+:\/\/)[^/\s']*@/g, '$1');
}

function unknown(remote: string): PwtError {
  return new PwtError(
    'PWT_REMOTE_UNKNOWN',
    `There is no remote ${JSON.stringify(remote)} for code to travel by.`,
    {
      hint: 'Name one of yours as "remote" in the options of the plugin, or give a URL. Your remotes: git remote -v',
      data: { remote },
    },
  );
}
