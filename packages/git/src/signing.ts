import { hasCode, PwtError } from '@pwt/core';
import { isTrue } from './config-record.js';
import type { ConfigEntry } from './door/repository-config.js';
import type { Git } from './git.js';
import { fallbackIdentity, readIdentity } from './identity.js';

/** How commits are signed: a configuration that leaves nothing of it to another file. */
export type Signing = ReadonlyArray<readonly [key: string, value: string]>;

/** A command that gives no key, so that git refuses. */
const NO_KEY = 'false';

/** What git takes where nothing is configured (git help config, `gpg.*`). */
const DEFAULTS: Signing = [
  ['gpg.format', 'openpgp'],
  ['gpg.program', 'gpg'],
  ['gpg.openpgp.program', 'gpg'],
  ['gpg.x509.program', 'gpgsm'],
  ['gpg.ssh.program', 'ssh-keygen'],
  ['gpg.ssh.defaultKeyCommand', NO_KEY],
];

/**
 * How the user's git signs commits; `undefined` if it does not (`commit.gpgSign`).
 *
 * Only the configuration of the user and of the system counts: a repository's own can be written by agents, and it names
 * programs and keys.
 */
export function signingOf(entries: readonly ConfigEntry[]): Signing | undefined {
  const own = entries.filter(({ scope }) => scope === 'global' || scope === 'system');
  const said = (key: string) => own.findLast((entry) => entry.key === key.toLowerCase());
  const isAsked = said('commit.gpgSign');
  if (isAsked === undefined || !isTrue(isAsked.value ?? 'true')) return undefined;
  const program = said('gpg.program')?.value;
  const settings = DEFAULTS.map(([key, value]): Signing[number] => {
    // The older name of the same program.
    const otherwise = key === 'gpg.openpgp.program' ? (program ?? value) : value;
    return [key, said(key)?.value ?? otherwise];
  });
  const signingKey = said('user.signingKey')?.value;
  return signingKey ? [...settings, ['user.signingKey', signingKey]] : settings;
}

/** The options of git for a signed commit. Without a configured key it is the committer's, as git has it. */
export async function signingArguments(git: Git, signing: Signing): Promise<string[]> {
  const settings = new Map(signing);
  const usesCommand = settings.get('gpg.ssh.defaultKeyCommand') !== NO_KEY;
  if (!settings.has('user.signingKey') && settings.get('gpg.format') !== 'ssh') {
    const { name, email } = (await readIdentity(git)) ?? fallbackIdentity;
    settings.set('user.signingKey', `${name} <${email}>`);
  } else if (!settings.has('user.signingKey') && !usesCommand) {
    // Git refuses then, instead of taking a key that the repository names.
    settings.set('user.signingKey', '');
  }
  return [...settings].flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** How long a program may take to sign: it may ask the user for a passphrase. */
const SIGN_TIMEOUT_MS = 2 * 60_000;

/** Runs an action that signs. What git can't say by itself gets a code. */
export async function whileSigning<T>(
  signing: Signing,
  action: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(SIGN_TIMEOUT_MS);
  try {
    return await action(signal);
  } catch (error) {
    if (!signal.aborted && !hasCode(error, 'PWT_GIT_FAILED')) throw error;
    const told = signal.aborted
      ? `no answer within ${SIGN_TIMEOUT_MS / 1000} s`
      : (error as PwtError).message;
    const settings = Object.fromEntries(signing);
    throw new PwtError(
      'PWT_SIGNING_FAILED',
      `Commits can't be signed, though commit.gpgSign asks for it: ${told}`,
      {
        hint: 'Look at gpg.format, user.signingKey and the program in your own git configuration, or set commit.gpgSign to false there.',
        data: { settings },
      },
    );
  }
}
