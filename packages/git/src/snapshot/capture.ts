import { hasCode } from '@pwt/core';
import { resolveObject } from '../refs.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { addAllBut, emptiedModules, findInner, type InnerRepository, keepInner } from './inner.js';
import { keepOperation, ownCommits } from './operation-files.js';
import { gitAt, type Place } from './place.js';
import { keepFiles } from './raw-files.js';
import { ScratchIndex } from './scratch-index.js';
import { readStagedState, type StagedState } from './staged-state.js';

/** The state of a working tree, as objects. */
export interface Captured {
  readonly head: string | null;
  /** The branch that HEAD is on, without `refs/heads/`; absent if it is detached. */
  readonly branch?: string;
  /** All that is not ignored, as it lies in the working tree. */
  readonly tree: string;
  /** What is staged. */
  readonly staged: string;
  /** Stages of conflicts, repositories inside, an operation in progress; `null` if there is none of them. */
  readonly extra: string | null;
  /** Commits beyond HEAD that would go with the working tree; none is contained in another. */
  readonly commits: readonly string[];
  /** True if a filter that the repository wants could not be run: files are as they lie there. */
  readonly unfiltered: boolean;
}

/**
 * Puts the state of a working tree into the repository's objects. Nothing of it is locked or changed, and nothing
 * in it is run: git looks by explicit paths, submodules and other repositories inside are read as data.
 *
 * @param commits more commits to keep, such as the tip of its branch
 * @throws PWT_GIT_FAILED if something can't be read or written; nothing may then be removed
 */
export async function capture(place: Place, commits: readonly string[] = []): Promise<Captured> {
  return withTemporaryFolder(place.commonDir, async (folder) => {
    const git = gitAt(place);
    const head = place.gitDir === null ? place.fallbackHead : await resolveAt(place, 'HEAD^{commit}');
    const branch =
      place.gitDir === null
        ? ''
        : await git.text(['symbolic-ref', '-q', 'HEAD'], { okExitCodes: [0, 1, 128] });
    const staged = await readStagedState(place, head, folder);
    const inner = await findInner(place, staged.index, folder);
    const unfiltered = await addFiles(place, staged.index, inner);
    const tree = place.workTree === null ? staged.tree : await staged.index.writeTree();
    return {
      head,
      ...(branch === '' ? {} : { branch: branch.replace(/^refs\/heads\//, '') }),
      tree,
      staged: staged.tree,
      extra: await extraTree(place, staged, inner, folder),
      commits: await beyond(place, head, [...commits, ...(await ownCommits(place))]),
      unfiltered,
    };
  });
}

/** True if all is committed, and there is nothing but commits. */
export async function isClean(git: Place['git'], { head, tree, staged, extra }: Captured): Promise<boolean> {
  if (extra !== null || tree !== staged || head === null) return false;
  return (await resolveObject(git, `${head}^{tree}`)) === tree;
}

/** True if a filter had to be left out. */
async function addFiles(
  place: Place,
  index: ScratchIndex,
  inner: readonly InnerRepository[],
): Promise<boolean> {
  if (place.workTree === null) return false;
  const apart = inner.filter(({ shares }) => !shares).map(({ path }) => path);
  const flags = (await place.git.features()).addSparse ? ['--sparse'] : [];
  try {
    await addAllBut(index, apart, flags);
    return false;
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    const off = await withoutFilters(place);
    if (off.length === 0) throw error;
    index.configure(off);
    await addAllBut(index, apart, flags);
    return true;
  }
}

/** Configuration that turns every filter off: a file is then taken, and written, as it is. */
export async function withoutFilters({ git }: Pick<Place, 'git'>): Promise<string[]> {
  const names = await git.zRecords(['config', '-z', '--name-only', '--get-regexp', '^filter\\.'], {
    okExitCodes: [0, 1],
  });
  const filters = new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))));
  const off = ['clean=', 'smudge=', 'process=', 'required=false'];
  return [...filters].flatMap((filter) => off.flatMap((setting) => ['-c', `${filter}.${setting}`]));
}

async function extraTree(
  place: Place,
  { conflicts }: StagedState,
  inner: readonly InnerRepository[],
  folder: string,
): Promise<string | null> {
  const operation = await keepOperation(place);
  const modules = await emptiedModules(place, inner);
  if (conflicts.length + inner.length + operation.length + modules.length === 0) return null;
  const index = new ScratchIndex(place.git, `${folder}/extra`);
  await index.run(['read-tree', '--empty']);
  await index.add([
    ...conflicts.map((line) => ({ ...line, path: `conflicts/${line.path}` })),
    ...operation.map((line) => ({ ...line, path: `operation/${line.path}` })),
  ]);
  for (const { name, gitDir } of modules) {
    const files = await keepFiles(place.git, gitDir);
    await index.add(files.map((line) => ({ ...line, path: `modules/${name}/${line.path}` })));
  }
  for (const { at, tree } of await keepInner(place, inner, folder)) await index.addTree(tree, at);
  return index.writeTree();
}

/** Those that exist and are contained neither in HEAD nor in one another. */
async function beyond(place: Place, head: string | null, ids: readonly string[]): Promise<string[]> {
  const { git } = place;
  const wanted = [...new Set(ids)].filter((id) => id !== head);
  if (wanted.length === 0) return [];
  const input = wanted.map((id) => `${id}\n`).join('');
  const checked = await git.lines(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input });
  const commits = checked.flatMap((line) =>
    line.endsWith(' commit') ? [line.slice(0, -' commit'.length)] : [],
  );
  if (commits.length === 0) return [];
  const all = head === null ? commits : [head, ...commits];
  const independent = await git.lines(['merge-base', '--independent', ...all]);
  return independent.filter((id) => id !== head).sort();
}

/** `null` also if what HEAD names is not there, or damaged. */
async function resolveAt(place: Place, revision: string): Promise<string | null> {
  const found = await gitAt(place).text(['rev-parse', '--verify', '--quiet', revision], {
    okExitCodes: [0, 1, 128],
  });
  return found === '' ? null : found;
}
