import { unattendedGit } from '@pwt/core';

/**
 * What pwt fixes for every git command, each with its reason.
 *
 * The user's identity, signing, line endings, filters, credentials, `safe.directory` and all else that is
 * not named here stay as the user configured them.
 */

/** Configuration given with `-c` before every subcommand; it wins over files and `GIT_CONFIG_COUNT`. */
export const pinnedConfig: ReadonlyArray<readonly [key: string, value: string]> = [
  // Names of files come back as they are, not as C string literals.
  ['core.quotePath', 'false'],
  // Colour codes in piped output would break every parser (`color.ui=always`).
  ['color.ui', 'false'],
  // The user's hooks are not part of pwt's own operations; a hook may prompt, fail, or see a foreign cwd.
  ['core.hooksPath', '/dev/null'],
  // A monitor configured for the main checkout would be started once per worktree, or give stale answers.
  ['core.fsmonitor', 'false'],
  // No repack in the middle of a run: it competes with the agents and may outlive the command.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // The same merge on every machine: these change the result of a merge or the tree it writes.
  ['merge.renames', 'true'],
  ['merge.directoryRenames', 'conflict'],
  ['merge.renameLimit', '7000'],
  ['merge.renormalize', 'false'],
  ['merge.conflictStyle', 'merge'],
  ['merge.autoStash', 'false'],
  ['diff.renames', 'true'],
  ['diff.renameLimit', '7000'],
  ['diff.algorithm', 'histogram'],
  // A patch is `a/…` against `b/…` whatever the user prefers to read.
  ['diff.noprefix', 'false'],
  ['diff.mnemonicPrefix', 'false'],
  // A commit in a submodule is a change, even where the user hides it. What is uncommitted in it is not looked for:
  // git would run a status in there, by a configuration that an agent may have written. See `scanGitlinks`.
  ['diff.ignoreSubmodules', 'dirty'],
  // Moving a worktree must not reach into submodules, which pwt handles on their own.
  ['submodule.recurse', 'false'],
  // A new branch tracks nothing. Writing a tracking configuration also takes `config.lock`, which is
  // what makes concurrent `git worktree add` fail.
  ['branch.autoSetupMerge', 'false'],
  ['worktree.guessRemote', 'false'],
  // Two processes write the files of a large checkout: from 40 % to four times as fast as one on two cores. Below that
  // number of files, starting the second costs more than it saves.
  ['checkout.workers', '2'],
  ['checkout.thresholdForParallelism', '1000'],
  // Links between a worktree and its git directory hold where either is reached through another path.
  ['worktree.useRelativePaths', 'false'],
  // Messages are UTF-8 in both directions.
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  // Advice is for people at a prompt.
  ['advice.detachedHead', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
];

/** Environment set for every git command. */
export const pinnedEnvironment: Readonly<Record<string, string>> = {
  // Stable messages: they are shown to users and, for lock failures only, recognised.
  LC_ALL: 'C',
  LANGUAGE: 'C',
  // No user is at the terminal: fail instead of waiting for a password or an editor.
  ...unattendedGit,
  GIT_PAGER: 'cat',
  // `git status` refreshes the index as a side effect and takes `index.lock` for it; an agent that commits
  // at that moment would fail. Locks that a command really needs are still taken.
  GIT_OPTIONAL_LOCKS: '0',
  // A path is a path: a file called `:(top)x` or `*.ts` is not a pattern.
  GIT_LITERAL_PATHSPECS: '1',
  // What lands is judged by object ids, so an id means the object itself, never its replacement.
  GIT_NO_REPLACE_OBJECTS: '1',
  // And its parents are those that stand in it: `info/grafts` would give a merge another base. There is no such file.
  GIT_GRAFT_FILE: '/dev/null/none',
  GIT_ADVICE: '0',
};
