import type { ConfigState, RepositoryState } from './repository.js';
import { change, changedKeys, type RepositoryChange } from './repository-change.js';
import { shellQuote } from './shell-quote.js';

/** Changes of the configuration, grouped by what it can do. Pure. */
export function changedConfig(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const files = new Set([...before.config, ...after.config].map(({ file }) => file));
  return [...files].flatMap((file) => changedFile(stateOf(before, file), stateOf(after, file)));
}

function stateOf({ config }: RepositoryState, file: string): ConfigState {
  return config.find((found) => found.file === file) ?? { file, values: {}, commands: [] };
}

function changedFile(before: ConfigState, after: ConfigState): RepositoryChange[] {
  const { file } = after;
  const keys = changedKeys(before.values, after.values);
  const layout = keys.filter((key) => isLayout(key, before.values[key], after.values[key]));
  const commands = keys.filter(
    (key) => !layout.includes(key) && (before.commands.includes(key) || after.commands.includes(key)),
  );
  const others = keys.filter((key) => !layout.includes(key) && !commands.includes(key));
  return [
    ...layout.map((key) => changedLayoutKey(file, key, before.values[key], after.values[key])),
    ...change(
      'config',
      'warning',
      commands,
      (names) => `Configuration by which git runs commands was changed: ${names}.`,
      {
        hint: `git runs them as you. Look before you use git here: git config --file ${shellQuote(file)} --list`,
      },
    ),
    ...change('config', 'info', others, (names) => `Configuration was changed in ${file}: ${names}.`),
  ];
}

function changedLayoutKey(
  file: string,
  key: string,
  was: string | undefined,
  is: string | undefined,
): RepositoryChange {
  const config = `git config --file ${shellQuote(file)}`;
  const back =
    was === undefined
      ? `${config} --unset-all ${shellQuote(key)}`
      : `${config} ${shellQuote(key)} ${shellQuote(was)}`;
  return {
    kind: 'config',
    severity: 'error',
    message: `${key} was ${is === undefined ? 'removed' : `set to ${is}`} in ${file}; git then takes the repository for something else.`,
    hint: `Nothing lands while it is so. Put it back with this, then run pwt land: ${back}`,
    subjects: [key],
  };
}

/**
 * True if the new value makes git see another repository or working tree: a landing would move the branch and leave the files
 * behind, or write them elsewhere. Keys are as git prints them.
 */
function isLayout(key: string, was: string | undefined, is: string | undefined): boolean {
  if (key === 'core.bare') return isTrue(was) !== isTrue(is);
  // `git sparse-checkout` and `git worktree` turn this one on, and see to it that nothing else changes.
  if (key === 'extensions.worktreeconfig') return false;
  if (key === 'core.repositoryformatversion') return !/^[01]$/.test(is ?? '0');
  return key === 'core.worktree' || key.startsWith('extensions.');
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|[1-9]\d*)$/i.test(value);
}
