import { type Finding, PwtError, shellQuote, type Workspace } from '@pwt/core';
import {
  commitAll,
  fallbackWhereUnset,
  type Git,
  type Gitlink,
  type PopulatedGitlink,
  readSubmodules,
  type StatusEntry,
  scanGitlinks,
  scanInner,
  withInner,
} from '@pwt/git';

/** What is checked out at the gitlinks of a worktree once its work is committed. */
export interface InnerWork {
  /** The commits that the gitlinks are to be set to. */
  readonly gitlinks: readonly Gitlink[];
  /** Gitlinks that are left as they are: a repository without any commit. */
  readonly unborn: readonly string[];
  /** What the index had for each of {@link gitlinks}. */
  readonly before: readonly string[];
  readonly findings: readonly Finding[];
}

/** Where nothing is checked out at any gitlink. */
export const noInnerWork: InnerWork = { gitlinks: [], unborn: [], before: [], findings: [] };

/**
 * Commits what is left uncommitted in the submodules of a worktree, the innermost first, as it is done for the
 * worktree itself: where an agent has edited files of a submodule, its work is not whole without them.
 *
 * Two things are left, and said: new files in a submodule that nothing else was done in, which are what a build
 * leaves there and no reason to move the submodule; and whatever the project hides by `submodule.<name>.ignore`.
 * No commit is made in a repository that is no submodule.
 *
 * @throws PWT_WORKTREE_BUSY if a submodule with uncommitted work is in the middle of a merge or the like
 */
export async function commitInner(git: Git, workspace: Workspace, message: string): Promise<InnerWork> {
  const findings: Finding[] = [];
  const top = { git, workspace, message, findings };
  const { populated: found, stray } = await scanInner(git);
  if (stray.length > 0) findings.push(strayIn(workspace, stray));
  const heads = await commitEach(top, git, found);
  return { ...settled(heads), findings };
}

/** What {@link commitInner} would find, without a change; work that it would commit is not seen. */
export async function innerGitlinks(git: Git): Promise<Omit<InnerWork, 'findings'>> {
  return settled(await scanGitlinks(git));
}

/** Paths with uncommitted work in what is checked out at the gitlinks of a worktree. */
export function uncommittedIn(found: readonly PopulatedGitlink[]): string[] {
  return found.flatMap(({ fullPath, entries, inner }) => [
    ...entries.filter(({ kind }) => kind !== 'ignored').map(({ path }) => `${fullPath}/${path}`),
    ...uncommittedIn(inner),
  ]);
}

interface Top {
  /** Works in the worktree. */
  readonly git: Git;
  readonly workspace: Workspace;
  readonly message: string;
  readonly findings: Finding[];
}

type Settled = Pick<PopulatedGitlink, 'path' | 'head' | 'commit'>;

async function commitEach(top: Top, around: Git, found: readonly PopulatedGitlink[]): Promise<Settled[]> {
  if (found.length === 0) return [];
  // The index has the newest names: those of a submodule that was added and not yet committed.
  const names = await readSubmodules(around, '');
  const settled: Settled[] = [];
  for (const link of found) {
    const entry = names.get(link.path);
    const isHidden = entry === undefined || entry.ignore === 'all' || entry.ignore === 'dirty';
    settled.push({
      path: link.path,
      commit: link.commit,
      head: isHidden ? link.head : await commitOne(top, link),
    });
  }
  return settled;
}

async function commitOne(top: Top, link: PopulatedGitlink): Promise<string | null> {
  const { git, workspace, message } = top;
  return withInner(git, link.place, async (inner) => {
    const below = settled(await commitEach(top, inner, link.inner));
    const { entries, head, fullPath, commit } = link;
    const own = entries.filter((entry) => !isRepository(entry));
    const isWorkedIn =
      own.some(({ kind }) => kind !== 'untracked') || head !== commit || moved(link, below.gitlinks);
    if (own.length === 0 && !moved(link, below.gitlinks)) return head;
    if (!isWorkedIn) {
      top.findings.push(
        leftIn(
          workspace,
          fullPath,
          own.map(({ path }) => path),
        ),
      );
      return head;
    }
    refuseBusy(workspace, link);
    const outcome = await commitAll(inner, {
      message: message.endsWith('\n') ? message : `${message}\n`,
      ...(await fallbackWhereUnset(inner)),
      exclude: [...entries.filter(isRepository).map(({ path }) => path.slice(0, -1)), ...below.unborn],
      gitlinks: below.gitlinks,
    });
    return outcome.commit;
  });
}

function moved({ inner }: PopulatedGitlink, gitlinks: readonly Gitlink[]): boolean {
  return gitlinks.some(({ path, commit }) => inner.find((link) => link.path === path)?.commit !== commit);
}

function settled(links: readonly Settled[]): Omit<InnerWork, 'findings'> {
  const born = links.filter(({ head }) => head !== null);
  return {
    gitlinks: born.map(({ path, head }) => ({ path, commit: head ?? '' })),
    before: born.map(({ commit }) => commit),
    unborn: links.filter(({ head }) => head === null).map(({ path }) => path),
  };
}

/** A repository inside a submodule that is no submodule of it. */
function isRepository(entry: StatusEntry): boolean {
  return entry.kind === 'untracked' && entry.path.endsWith('/');
}

function refuseBusy({ path, taskId }: Workspace, { fullPath, busy, entries }: PopulatedGitlink): void {
  const unmerged = entries.filter(({ kind }) => kind === 'unmerged').map((entry) => entry.path);
  const why = busy ?? (unmerged.length > 0 ? `has unresolved conflicts in ${unmerged.join(', ')}` : null);
  if (why === null) return;
  throw new PwtError('PWT_WORKTREE_BUSY', `${path}/${fullPath} ${why}, so its work cannot be collected.`, {
    hint: 'Nothing was touched: finish or abort it there, then run: pwt resume',
    data: { path: `${path}/${fullPath}`, taskId: taskId ?? null },
  });
}

function leftIn({ taskId, path }: Workspace, submodule: string, files: readonly string[]): Finding {
  const shown = `${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`;
  const folder = shellQuote(`${path}/${submodule}`);
  return {
    kind: 'left-out',
    severity: 'warning',
    taskIds: taskId === undefined ? [] : [taskId],
    message: `New files in the submodule ${submodule} are not committed, since nothing else was changed in it: ${shown}.`,
    hint: `Their worktree stays. Look at them: git -C ${folder} status`,
    subjects: files.map((file) => `${submodule}/${file}`),
  };
}

function strayIn({ taskId, path }: Workspace, files: readonly string[]): Finding {
  const shown = `${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`;
  return {
    kind: 'left-out',
    severity: 'warning',
    taskIds: taskId === undefined ? [] : [taskId],
    message: `Files were put where a submodule is not checked out, so no commit has them: ${shown}.`,
    hint: `Their worktree stays: ${path}. Check the submodule out before such work (a setup command can do it: git submodule update --init).`,
    subjects: files,
  };
}
