import { type Finding, shellQuote, type Workspace } from '@pwt/core';
import {
  type FetchedGitlink,
  fetchGitlinks,
  type InnerLevel,
  listGitlinksOf,
  mergeBaseTree,
  newGitlinks,
  passedGitlinks,
  readSubmodules,
} from '@pwt/git';
import type { ProviderContext } from '../context.js';
import { innerLevel } from './level.js';

export interface GuardRequest {
  readonly workspace: Workspace;
  /** The worktree's own git directory. */
  readonly gitDir: string;
  /** The last commit of the work. */
  readonly commit: string;
}

/**
 * Makes sure that what a task commits can be checked out by others: the submodule commits that it names are
 * fetched into the project's own repositories, and whatever cannot be found there later is an error, so that the
 * task is held.
 */
export async function guardGitlinks(context: ProviderContext, request: GuardRequest): Promise<Finding[]> {
  const { workspace, gitDir, commit } = request;
  const { git } = context;
  // Where the work leaves the history of the base.
  const from = (await mergeBaseTree(git, workspace.base, commit)) ?? workspace.base;
  const level = await innerLevel(context, { gitDir, workTree: workspace.path });
  const fetched = await fetchGitlinks(git, {
    level,
    treeish: commit,
    links: await newGitlinks(git, from, commit),
  });
  await fetchPassed(context, level, request);
  const orphans = await orphanedGitlinks(context, { from, commit });
  return [...fetched, ...orphans].flatMap((link) => describe(workspace, link));
}

/** What earlier commits of the task had on their way: as far as it is there, for those who look at its history. */
async function fetchPassed(
  { git }: ProviderContext,
  level: InnerLevel,
  request: GuardRequest,
): Promise<void> {
  const { workspace, commit } = request;
  const passed = await passedGitlinks(git, workspace.base, commit);
  const links = passed.map((link) => ({ ...link, before: null, moved: true }));
  await fetchGitlinks(git, { level, treeish: commit, links });
}

/** Gitlinks that stay while the task takes their name out of `.gitmodules`. */
async function orphanedGitlinks(
  { git }: ProviderContext,
  { from, commit }: { readonly from: string; readonly commit: string },
): Promise<FetchedGitlink[]> {
  const [before, after] = await Promise.all([readSubmodules(git, from), readSubmodules(git, commit)]);
  const lost = [...before.keys()].filter((path) => !after.has(path));
  if (lost.length === 0) return [];
  const links = (await listGitlinksOf(git, commit)).filter(({ path }) => lost.includes(path));
  return links.map((link) => ({
    ...link,
    ...{ before: link.commit, moved: true, fullPath: link.path, status: 'nameless' },
  }));
}

function describe(workspace: Workspace, link: FetchedGitlink): Finding[] {
  const { path, taskId } = workspace;
  const { fullPath, commit } = link;
  const common = { taskIds: taskId === undefined ? [] : [taskId], subjects: [fullPath] };
  const place = shellQuote(path);
  const name = shellQuote(fullPath);
  const inside = shellQuote(`${path}/${fullPath}`);
  if (link.status === 'fetched') {
    if (!link.isNew) return [];
    return [
      {
        ...{ kind: 'submodule', severity: 'warning', ...common },
        message: `The submodule ${fullPath} is moved to ${commit}, which is on no known remote. It is kept in ${link.stores.join(' and ')}.`,
        hint: `Once it has landed, check it out with: git submodule update --init --recursive -- ${name}. Others need it published: git -C ${name} push <remote> ${commit}:refs/heads/<branch>`,
      },
    ];
  }
  if (link.status === 'nameless') {
    const aside = shellQuote(`${path}-${fullPath.replaceAll('/', '-')}.git`);
    return [
      {
        ...{ kind: 'gitlink', severity: 'error', ...common },
        message: `${fullPath} is committed as a bare pointer to ${commit}, a commit of another repository, and no .gitmodules says where it comes from: its files would be missing wherever this is checked out.`,
        hint: `To land its files instead: git -C ${place} rm --quiet --cached -- ${name}; mv ${inside}/.git ${aside}; pwt resume`,
      },
    ];
  }
  if (link.moved) return [];
  return [
    {
      ...{ kind: 'submodule', severity: 'error', ...common },
      message: `The submodule ${fullPath} is moved to ${commit}, which is in no repository of the project: ${link.reason}.`,
      hint: `If a remote has it, fetch it: git -C ${place} submodule update --init --recursive -- ${name}; pwt resume. If not, go back to one that is there and commit that in ${place}, then: pwt resume`,
    },
  ];
}
