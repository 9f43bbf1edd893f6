import type { CheckoutState, FileState, RepositoryState } from './repository.js';
import { change, changedKeys, type RepositoryChange } from './repository-change.js';
import { changedConfig } from './repository-config.js';
import { shellQuote } from './shell-quote.js';

/**
 * The changes between two observations of a repository, as findings; those that stop a landing (`error`) first.
 * Pure.
 *
 * It does not tell whether the target was moved forward or rewritten: that takes the commits, not only their ids.
 */
export function compareRepository(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const changes = [
    ...changedTarget(before, after),
    ...changedConfig(before, after),
    ...changedControl(before, after),
    ...changedCheckouts(before, after),
    ...changedStash(before, after),
  ];
  return [...changes.filter(isError), ...changes.filter((change) => !isError(change))];
}

/**
 * What was changed in the user's checkout and among the refs, which is mostly the user's own work. Pure.
 */
export function compareWork(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  return [...changedFiles(before, after), ...changedRefs(before, after)];
}

function isError({ severity }: RepositoryChange): boolean {
  return severity === 'error';
}

function changedTarget(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const { branch, tip } = before.target;
  if (tip === null || after.target.tip !== null) return [];
  const renamed = Object.keys(after.refs).find(
    (ref) => before.refs[ref] === undefined && after.refs[ref] === tip,
  );
  const other = renamed?.replace(/^refs\/heads\//, '');
  return [
    {
      kind: 'target',
      severity: 'error',
      message:
        other === undefined
          ? `The branch ${branch} was deleted; it was at ${tip.slice(0, 10)}.`
          : `The branch ${branch} is gone; ${other} is where it was, so it was probably renamed.`,
      hint:
        other === undefined
          ? `Bring it back with this, then run pwt land: git update-ref ${shellQuote(`refs/heads/${branch}`)} ${tip}`
          : `Give it its name back with this, then run pwt land: git branch -m ${shellQuote(other)} ${shellQuote(branch)}`,
      subjects: [`refs/heads/${branch}`],
    },
  ];
}

function changedControl(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const paths = changedKeys(before.control, after.control);
  const hooks = paths.filter((path) => /(^|\/)hooks\//.test(path));
  const others = paths.filter((path) => !hooks.includes(path));
  return [
    ...change('hooks', 'warning', hooks, (names) => `Hooks of the repository were changed: ${names}.`, {
      hint: 'git runs them as you. Look at them before you commit in this repository.',
    }),
    ...change('config', 'warning', others, (names) => `Files that steer git were changed: ${names}.`, {
      hint: 'They say what git ignores, filters and shows. Look at them.',
    }),
  ];
}

function changedCheckouts(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const [own, ...others] = after.checkouts;
  const was = before.checkouts[0];
  const known = new Set(
    before.checkouts.filter(({ branch }) => branch === before.target.branch).map(({ path }) => path),
  );
  const added = others.filter(({ path, branch }) => branch === after.target.branch && !known.has(path));
  return [
    ...(own !== undefined && was !== undefined && own.branch !== was.branch ? [switched(was, own)] : []),
    ...added.map(
      ({ path }): RepositoryChange => ({
        kind: 'checkouts',
        // A landing can update one checkout only.
        severity: own?.branch === after.target.branch ? 'error' : 'warning',
        message: `${after.target.branch} was checked out in ${path}, too.`,
        hint: `Give it back with this, then run pwt land: git -C ${shellQuote(path)} switch --detach`,
        subjects: [path],
      }),
    ),
  ];
}

function switched(was: CheckoutState, own: CheckoutState): RepositoryChange {
  const now =
    own.branch === null ? `at ${own.commit?.slice(0, 10) ?? 'no commit'}, on no branch` : `on ${own.branch}`;
  return {
    kind: 'head',
    severity: 'warning',
    message: `Your checkout ${own.path} was switched: it is ${now}; it was on ${was.branch ?? 'no branch'}.`,
    ...(was.branch === null
      ? {}
      : { hint: `To go back: git -C ${shellQuote(own.path)} switch ${shellQuote(was.branch)}` }),
    subjects: [own.path],
  };
}

function changedStash(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  if (before.stash.entries === after.stash.entries) return [];
  const { newest } = after.stash;
  return [
    {
      kind: 'stash',
      severity: 'warning',
      message:
        newest === undefined
          ? 'The stash, which all worktrees share, was emptied.'
          : `The stash, which all worktrees share, was changed; the newest entry is: ${newest}.`,
      hint: 'Look before you pop: git stash list',
      subjects: ['refs/stash'],
    },
  ];
}

function changedFiles(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  const [was, is] = [before.files, after.files];
  if (was === null || is === null) return [];
  const path = after.checkouts[0]?.path ?? '';
  const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  const differs = (part: keyof FileState) =>
    paths.filter((file) => (was[file]?.[part] ?? '') !== (is[file]?.[part] ?? ''));
  const staged = differs('staged');
  const edited = differs('edited').filter((file) => !staged.includes(file));
  return [
    ...change(
      'index',
      'info',
      staged,
      (names) => `Staged changes in your checkout ${path} changed: ${names}.`,
    ),
    ...change('files', 'info', edited, (names) => `Files of your checkout ${path} changed: ${names}.`),
  ];
}

function changedRefs(before: RepositoryState, after: RepositoryState): RepositoryChange[] {
  // The branch that the user's checkout is on moves with every commit of the user's.
  const own = `refs/heads/${after.checkouts[0]?.branch}`;
  const target = `refs/heads/${after.target.branch}`;
  const refs = changedKeys(before.refs, after.refs).filter((ref) => ref !== own && ref !== target);
  const deleted = refs.filter((ref) => after.refs[ref] === undefined);
  const others = refs.filter((ref) => after.refs[ref] !== undefined);
  return [
    ...deleted.map(
      (ref): RepositoryChange => ({
        kind: 'refs',
        severity: 'warning',
        message: `${ref} was deleted.`,
        hint: `To bring it back: git update-ref ${shellQuote(ref)} ${before.refs[ref]}`,
        subjects: [ref],
      }),
    ),
    ...change('refs', 'info', others, (names) => `Branches or tags were made or moved: ${names}.`),
  ];
}
