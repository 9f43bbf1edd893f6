import type { Git } from './git.js';

/** An author or committer. */
export interface Identity {
  readonly name: string;
  readonly email: string;
  /** A text is in git's own form, with the time zone: `1700000000 +0100`. @default now */
  readonly date?: Date | string;
}

/** The identity for commits where git has none. */
export const fallbackIdentity: Identity = { name: 'pwt', email: 'pwt@localhost' };

/** Author and committer for a commit: empty where git has an identity, otherwise {@link fallbackIdentity}. */
export async function fallbackWhereUnset(git: Git): Promise<{ author?: Identity; committer?: Identity }> {
  if ((await readIdentity(git)) !== null) return {};
  return { author: fallbackIdentity, committer: fallbackIdentity };
}

/** The variables that make git use these identities. */
export function identityEnvironment(author?: Identity, committer?: Identity): Record<string, string> {
  return { ...variables('AUTHOR', author), ...variables('COMMITTER', committer) };
}

/**
 * The identity that git would commit with, from configuration or environment; `null` if none is configured
 * (git's guess from the host's name is not taken).
 */
export async function readIdentity(git: Git): Promise<{ name: string; email: string } | null> {
  const { exitCode, stdout } = await git.run(
    ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'],
    { okExitCodes: [0, 128] },
  );
  const match = exitCode === 0 ? /^(.*) <([^>]*)> \d+ [+-]\d{4}$/.exec(stdout.trimEnd()) : null;
  return match === null ? null : { name: match[1] ?? '', email: match[2] ?? '' };
}

function variables(role: 'AUTHOR' | 'COMMITTER', identity: Identity | undefined): Record<string, string> {
  if (identity === undefined) return {};
  return {
    [`GIT_${role}_NAME`]: identity.name,
    [`GIT_${role}_EMAIL`]: identity.email,
    ...(identity.date === undefined ? {} : { [`GIT_${role}_DATE`]: `@${rawDate(identity.date)}` }),
  };
}

/** A date in git's own form. */
export function rawDate(date: Date | string): string {
  return typeof date === 'string' ? date : `${Math.floor(date.getTime() / 1000)} +0000`;
}
