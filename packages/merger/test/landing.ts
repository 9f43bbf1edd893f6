import { dirname, join, relative } from 'node:path';
import { changedFiles } from '@pwt/git';
import { expect } from 'vitest';
import type { GitMerger } from '../src/git-merger.js';
import { checkoutState, differences } from './checkout-state.js';
import { type Files, repositoryWith, type TestRepository } from './repository.js';

/** `main` is at `from`; `to` is a merge commit on top of it that no checkout knows of yet. */
export interface Landing {
  readonly repository: TestRepository;
  readonly from: string;
  readonly to: string;
}

/** A repository on `main`, and the merge of one branch that has changed some files. */
export async function landingOf(start: Files, ...steps: Files[]): Promise<Landing> {
  const { repository, base: from } = await repositoryWith(start);
  const commit = await repository.side(from, ...steps);
  return { repository, from, to: await repository.merged(from, commit) };
}

/** Expects that an action changes nothing in the folder around the repository: the main checkout and all beside it. */
export async function expectUntouched<T>({ path }: TestRepository, action: () => Promise<T>): Promise<T> {
  const before = checkoutState(dirname(path));
  const result = await action();
  expect(differences(before, checkoutState(dirname(path)))).toEqual([]);
  return result;
}

/** Expects that the landing is refused, the target stays, and nothing is touched. */
export async function expectRefused(
  { repository, from, to }: Landing,
  expected: { readonly reason: string; readonly paths?: readonly string[] },
  merger?: GitMerger,
): Promise<void> {
  const outcome = await expectUntouched(repository, () => repository.land(from, to, merger));
  expect(outcome).toMatchObject({ status: 'refused', ...expected });
  expect(await repository.merger.tip('main')).toBe(from);
}

/**
 * Expects that the landing moves the target, the files it is about, and what git keeps of that (index, reflogs,
 * `ORIG_HEAD`); everything else in the folder around the repository stays as it was, inode and times included, and so do
 * the staged content and the flags of all other paths.
 *
 * @param checkout has the target checked out; `null` if none has
 */
export async function expectLanded(
  { repository, from, to }: Landing,
  checkout: string | null = repository.path,
  merger?: GitMerger,
): Promise<void> {
  const folder = dirname(repository.path);
  const changes = await changedFiles(repository.git, { from, to, renames: false });
  const own = checkout === null ? new Set<string>() : await meantToChange(repository, checkout, changes);
  const state = async () => ({
    files: checkoutState(folder),
    index: await indexEntries(repository, checkout),
  });
  const before = await state();

  expect(await repository.land(from, to, merger)).toEqual({ status: 'landed' });

  expect(await repository.merger.tip('main')).toBe(to);
  const after = await state();
  const common = relative(folder, repository.commonDir);
  const isRef = (path: string) => new RegExp(`^${common}/(logs/)?refs/heads/main$`).test(path);
  const others = differences(before.files, after.files).filter((path) => !own.has(path) && !isRef(path));
  expect(others).toEqual([]);
  const changed = new Set(changes.map(({ path }) => path));
  const keptEntries = (entries: readonly string[]) =>
    entries.filter((entry) => !changed.has(entry.slice(entry.indexOf('\t') + 1)));
  expect(keptEntries(after.index)).toEqual(keptEntries(before.index));
}

/** Relative to the folder around the repository, with the folders that come or go with the files. */
async function meantToChange(
  { git, path }: TestRepository,
  checkout: string,
  changes: ReadonlyArray<{ readonly path: string }>,
): Promise<Set<string>> {
  const folder = dirname(path);
  const gitDir = await git.at(checkout).text(['rev-parse', '--absolute-git-dir']);
  const files = changes.flatMap((change) => {
    const parts = Buffer.from(change.path).toString('latin1').split('/');
    return parts.map((_, index) => join(relative(folder, checkout), ...parts.slice(0, index + 1)));
  });
  const kept = ['index', 'ORIG_HEAD', 'logs/HEAD'].map((name) => join(relative(folder, gitDir), name));
  return new Set([...files, ...kept]);
}

async function indexEntries({ git }: TestRepository, checkout: string | null): Promise<string[]> {
  if (checkout === null) return [];
  return git.at(checkout).zRecords(['ls-files', '-z', '--stage', '-v']);
}
