import type { RepositoryChange } from '@pwt/core';
import type { GitCommand } from './git-commands.js';

/** By the last part of its name: what moves the branch that a working tree is on. */
const MOVE_BRANCH = setOf('reset rebase merge pull commit cherry-pick revert am update-ref filter-branch');

/** What puts HEAD on another branch or commit, and not only its branch elsewhere. */
const SWITCH = setOf('checkout switch bisect symbolic-ref rebase branch stash worktree');

/** What writes refs wherever it runs. */
const WRITE_REFS = setOf(
  'update-ref branch tag push receive-pack fetch pull symbolic-ref worktree notes replace filter-branch fast-import checkout switch',
);

/** What writes files of the working tree. */
const WRITE_FILES = setOf(
  'checkout switch reset rebase merge pull cherry-pick revert am apply restore stash rm mv clean sparse-checkout read-tree checkout-index submodule',
);

const WRITE_INDEX = new Set([
  ...WRITE_FILES,
  ...setOf('add commit update-index read-tree commit-tree stage'),
]);

const WRITE_CONFIG = setOf(
  'config remote submodule branch push checkout switch init clone worktree sparse-checkout maintenance lfs flow',
);

export interface Place {
  /** The top of the user's checkout. */
  readonly top: string;
}

/** True if a command may have made this change; that it was run at the time is the caller's to know. Pure. */
export function mayHaveDone(command: GitCommand, change: RepositoryChange, { top }: Place): boolean {
  if (command.exitCode !== undefined && command.exitCode !== 0 && !leavesTraces(command)) return false;
  const { kind, subjects = [] } = change;
  const own = lastName(command);
  const isHere = command.worktree === top;
  switch (kind) {
    case 'head':
      return SWITCH.has(own) && subjects.includes(command.worktree ?? '');
    case 'target':
      return (isHere && MOVE_BRANCH.has(own)) || namesRef(command, subjects[0]);
    case 'stash':
      return isStashWrite(command);
    case 'refs':
      return subjects.some((ref) => namesRef(command, ref));
    case 'config':
      return WRITE_CONFIG.has(own);
    case 'index':
      return isHere && WRITE_INDEX.has(own);
    case 'files':
      return isHere && WRITE_FILES.has(own);
    case 'checkouts':
      return (
        (SWITCH.has(own) && subjects.includes(command.worktree ?? '')) ||
        (own === 'worktree' && command.args.includes('add'))
      );
    default:
      return false;
  }
}

/** True if a command moves HEAD of the working tree that it works in to another branch or commit. Pure. */
export function switchesHead(command: GitCommand): boolean {
  const { args, exitCode } = command;
  const own = lastName(command);
  if (exitCode !== 0 || command.name.includes('/')) return false;
  if (own === 'switch') return true;
  // With paths, it writes files.
  if (own === 'checkout') return !args.includes('--') && !args.includes('-p');
  return own === 'symbolic-ref' && args.includes('HEAD') && args.indexOf('HEAD') < args.length - 1;
}

/** True if a command writes files of the working tree that it works in. Pure. */
export function writesFiles({ name }: GitCommand): boolean {
  return WRITE_FILES.has(name.slice(name.lastIndexOf('/') + 1));
}

/** What happens in the agent's own worktree all the time, and concerns it alone. */
const ORDINARY = setOf('add commit restore rm mv apply clean checkout-index update-index init merge-file');

/** True if others may notice what a command did: it ran elsewhere, or wrote what worktrees share. Pure. */
export function concernsOthers(command: GitCommand, own: string | undefined): boolean {
  return command.worktree !== own || !ORDINARY.has(lastName(command));
}

/** A command for people, of bounded length. */
export function commandText({ args }: GitCommand): string {
  const text = ['git', ...args].join(' ').replace(/\s+/g, ' ');
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** `pull`, `merge`, `rebase`, `stash pop` and the like fail on a conflict, and have moved things. */
function leavesTraces(command: GitCommand): boolean {
  return setOf('merge pull rebase cherry-pick revert am stash apply push fetch commit').has(
    lastName(command),
  );
}

function isStashWrite(command: GitCommand): boolean {
  const { args } = command;
  if (command.name === 'stash') {
    const after = args.slice(args.indexOf('stash') + 1);
    return !after.some((word) => word === 'list' || word === 'show' || word === 'create');
  }
  const names = setOf('update-ref reflog push fetch receive-pack');
  return names.has(lastName(command)) && args.some((word) => /(^|:)(refs\/)?stash\b/.test(word));
}

/** True if a command writes refs, and names this one, or names none because it reads them from its input. */
function namesRef(command: GitCommand, ref: string | undefined): boolean {
  if (ref === undefined || !WRITE_REFS.has(lastName(command))) return false;
  const short = ref.replace(/^refs\/(heads|tags|remotes)\//, '');
  const names = command.args.flatMap((word) => word.replace(/^\+/, '').split(':'));
  return (
    names.some(
      (word) => word === ref || word === short || `refs/${word}` === ref || `heads/${word}` === ref,
    ) ||
    command.args.some((word) => ['--stdin', '--all', '--mirror', '--tags'].includes(word)) ||
    command.name.endsWith('fast-import') ||
    command.name.endsWith('filter-branch')
  );
}

function lastName({ name }: GitCommand): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function setOf(words: string): Set<string> {
  return new Set(words.split(' '));
}
