import { isExecutableConfigKey } from './executable-keys.js';
import type { ConfigEntry } from './repository-config.js';

/** Keys that include other files: those have been read already, at their place. */
const INCLUDES = /^include(if)?\./;

/**
 * Where a working tree is, which pwt says itself, and that worktrees have a file of their own, which would be
 * read where an agent can write it.
 */
const PLACES = /^(core\.(bare|worktree)|extensions\.worktreeconfig)$/;

/** How the repository and its files are stored: git can read them in no other way, whatever was trusted. */
const FORMAT =
  /^(core\.(repositoryformatversion|filemode|symlinks|ignorecase|precomposeunicode)|extensions\.(?!worktreeconfig|partialclone).*)$/;

/** The user's identity and what branches track: nothing that runs, and often changed between two runs. */
const HARMLESS = /^(user|author|committer|branch)\./;

/**
 * Executable keys that no git command of pwt's ever uses: hooks, monitor, editors and pagers
 * are pinned off, nothing is signed or mailed, no tool for people is started, and an address alone runs nothing
 * (`protocol.ext.allow` would have to let it). Tools and people write such keys every day (`git remote add`, a
 * package's install script that sets `core.hooksPath`).
 */
const INERT =
  /^(core\.(hookspath|fsmonitor|editor|pager|askpass)|sequence\.editor|(pager|alias|difftool|mergetool|guitool|browser|man|web|help|instaweb|sendemail|imap|interactive)\..*|init\.templatedir|remote\..*\.(url|pushurl)|url\..*)$/s;

/**
 * The configuration that git uses: what was trusted, with the repository's format and the user's identity as they
 * are now.
 */
export function effectiveConfig(
  trusted: readonly ConfigEntry[],
  current: readonly ConfigEntry[],
): ConfigEntry[] {
  const isCurrent = ({ key }: ConfigEntry) => FORMAT.test(key) || HARMLESS.test(key);
  return [...trusted.filter((entry) => !isCurrent(entry)), ...current.filter(isCurrent)];
}

/** The entries of a repository's configuration that its mirror gets, in git's order of precedence. */
export function mirroredConfig(entries: readonly ConfigEntry[]): Pick<ConfigEntry, 'key' | 'value'>[] {
  return [
    // pwt does not use what branches track, and it changes with every branch.
    ...entries.filter(({ key }) => !INCLUDES.test(key) && !PLACES.test(key) && !key.startsWith('branch.')),
    { key: 'core.bare', value: 'false' },
  ];
}

/**
 * The entries that could make pwt's git run a command and were not there, with this value, when the configuration was
 * trusted.
 */
export function untrustedEntries(
  trusted: readonly ConfigEntry[],
  current: readonly ConfigEntry[],
): ConfigEntry[] {
  const known = new Set(trusted.map(identity));
  return current.filter(
    (entry) =>
      isExecutableConfigKey(entry.key) && !INERT.test(entry.key.toLowerCase()) && !known.has(identity(entry)),
  );
}

function identity({ key, value }: ConfigEntry): string {
  return JSON.stringify([key, value]);
}
