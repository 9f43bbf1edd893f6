/** What an agent does in its worktree to a repository that is not its own; `$MAIN` is the user's checkout. */
export interface Cell {
  readonly name: string;
  /** Shell text; the agent's own work is committed before it. */
  readonly act: string;
  /** The kind of the finding that names the task. */
  readonly kind: string;
  /** False: nothing lands before the command that is printed was run. @default true */
  readonly lands?: boolean;
  /** What `git status` of the user's checkout shows on top, because it was done to it. */
  readonly left?: readonly string[];
  /** What is done after the hints, for what no hint can do. */
  readonly after?: string;
}

const target: readonly Cell[] = [
  { name: 'amended', act: 'git -C "$MAIN" commit -q --amend -m other', kind: 'target', lands: false },
  { name: 'reset', act: 'git -C "$MAIN" reset -q --keep HEAD~1', kind: 'target', lands: false },
  {
    ...{ name: 'rebased', kind: 'target', lands: false },
    act: 'git -C "$MAIN" -c rebase.autoStash=true rebase -q --onto HEAD~2 HEAD~1',
  },
  { name: 'renamed', act: 'git -C "$MAIN" branch -m main trunk', kind: 'target', lands: false },
  { name: 'deleted', act: 'git update-ref -d refs/heads/main', kind: 'target', lands: false },
  {
    name: 'moved back behind its checkout',
    act: 'git update-ref refs/heads/main main~1',
    kind: 'target',
    lands: false,
  },
  { name: 'moved forward behind its checkout', act: 'git update-ref refs/heads/main HEAD', kind: 'target' },
  {
    ...{ name: 'moved forward in its checkout, without the files', kind: 'target' },
    act: 'git -C "$MAIN" update-ref refs/heads/main "$(git rev-parse HEAD)"',
  },
  {
    ...{ name: 'given a commit on top, in its checkout', kind: 'target' },
    act: 'echo z >"$MAIN/stray.txt" && git -C "$MAIN" add stray.txt && git -C "$MAIN" commit -q -m stray stray.txt',
  },
  { name: 'switched away from', act: 'git -C "$MAIN" switch -q -c elsewhere', kind: 'head' },
  {
    ...{ name: 'checked out elsewhere', kind: 'checkouts', lands: false },
    act: 'git worktree add -q --force "$MAIN/../extra" main',
  },
  {
    ...{ name: 'checked out by the agent, with its work on it', kind: 'checkouts', lands: false },
    act: 'git checkout -q --ignore-other-worktrees -B main',
  },
];

const checkout: readonly Cell[] = [
  { name: 'HEAD detached', act: 'git -C "$MAIN" switch -q --detach', kind: 'head' },
  {
    ...{ name: 'a change staged', kind: 'index', left: ['M  second.txt'] },
    act: 'echo z >"$MAIN/second.txt" && git -C "$MAIN" add second.txt',
  },
  { name: 'a file edited', act: 'echo z >"$MAIN/second.txt"', kind: 'files', left: [' M second.txt'] },
  { name: 'a file edited that the user has edited, too', act: 'echo more >>"$MAIN/mine.txt"', kind: 'files' },
  { name: 'a file added', act: 'echo z >"$MAIN/stray.txt"', kind: 'files', left: ['?? stray.txt'] },
  { name: 'a file deleted', act: 'rm "$MAIN/second.txt"', kind: 'files', left: [' D second.txt'] },
  { name: 'work put on the stash', act: 'echo z >second.txt && git stash push -q', kind: 'stash' },
  { name: 'a branch made', act: 'git branch made', kind: 'refs' },
  { name: 'a tag deleted', act: 'git tag -d v1', kind: 'refs' },
  {
    name: 'a hook written',
    act: 'mkdir -p "$MAIN/.git/hooks"; echo : >"$MAIN/.git/hooks/pre-commit"',
    kind: 'hooks',
  },
  { name: 'attributes written', act: 'echo "* text" >"$MAIN/.git/info/attributes"', kind: 'config' },
];

/** Keys with a value; those with `false` stop landings. */
const keys: readonly (readonly [key: string, value: string, lands?: false])[] = [
  ['core.bare', 'true', false],
  ['core.worktree', '/nowhere', false],
  ['core.repositoryFormatVersion', '7', false],
  ['extensions.partialClone', 'origin', false],
  ['extensions.worktreeConfig', 'true'],
  ['core.hooksPath', '/nowhere'],
  ['core.fsmonitor', 'false-monitor'],
  ['core.sshCommand', 'false-ssh'],
  ['core.editor', 'false'],
  ['core.pager', 'false'],
  ['core.autocrlf', 'true'],
  ['core.eol', 'crlf'],
  ['core.fileMode', 'false'],
  ['core.ignoreCase', 'true'],
  ['core.symlinks', 'false'],
  ['core.excludesFile', '/nowhere'],
  ['core.attributesFile', '/nowhere'],
  ['core.sparseCheckout', 'true'],
  ['core.logAllRefUpdates', 'false'],
  ['filter.x.clean', 'false'],
  ['filter.x.smudge', 'false'],
  ['filter.x.process', 'false'],
  ['diff.x.command', 'false'],
  ['diff.x.textconv', 'false'],
  ['diff.external', 'false'],
  ['merge.x.driver', 'false'],
  ['merge.ff', 'false'],
  ['pull.rebase', 'true'],
  ['remote.origin.url', '/nowhere'],
  ['remote.origin.pushurl', '/nowhere'],
  ['url./nowhere.insteadOf', 'https://'],
  ['alias.st', '!false'],
  ['credential.helper', '!false'],
  ['commit.gpgSign', 'true'],
  ['gpg.program', 'false'],
  ['user.name', 'Eve'],
  ['user.signingKey', 'x'],
  ['include.path', '/nowhere'],
  ['includeIf.gitdir:/.path', '/nowhere'],
  ['branch.main.mergeOptions', '--no-ff'],
  ['receive.denyCurrentBranch', 'ignore'],
  ['submodule.recurse', 'true'],
  ['rerere.enabled', 'true'],
  ['http.proxy', 'nowhere'],
];

const configuration: readonly Cell[] = keys.map(([key, value, lands = true]) => ({
  name: key,
  act: `git config --file "$MAIN/.git/config" '${key}' '${value}'`,
  kind: 'config',
  lands,
  // The user's own git is to be asked afterwards.
  after: `git config --file .git/config --unset-all '${key}' || true`,
}));

export const cells: readonly Cell[] = [
  ...target.map((cell) => ({ ...cell, name: `the target ${cell.name}` })),
  ...checkout.map((cell) => ({ ...cell, name: `in the user's checkout or refs: ${cell.name}` })),
  ...configuration.map((cell) => ({ ...cell, name: `configuration: ${cell.name}` })),
];
