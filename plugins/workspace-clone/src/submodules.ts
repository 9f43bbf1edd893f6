import { join } from 'node:path';
import { type Finding, shellQuote, type Workspace } from '@pwt/core';
import {
  type FetchedGitlink,
  fetchGitlinks,
  type Git,
  listGitlinksOf,
  mergeBaseTree,
  newGitlinks,
  secureModules,
  type Unsafe,
} from '@pwt/git';

/**
 * Fetches the submodule commits that the work of a clone names into the project's own repositories of its
 * submodules, and says which could not be fetched: such work must not land.
 */
export async function fetchSubmodules(
  project: Git,
  workspace: Workspace,
  commit: string,
): Promise<Finding[]> {
  const { base, path } = workspace;
  const from = (await mergeBaseTree(project, base, commit)) ?? base;
  const level = {
    keepers: [await commonDirOf(project)],
    checkout: project.cwd,
    worktree: { gitDir: join(path, '.git'), workTree: path },
  };
  const links = await newGitlinks(project, from, commit);
  const fetched = await fetchGitlinks(project, { level, treeish: commit, links });
  return fetched.flatMap((link) => findingOf(workspace, link));
}

/** Fetches all other commits of a clone's submodules; one that could not be fetched must not be deleted. */
export async function secureSubmodules(project: Git, { path, base }: Workspace): Promise<Unsafe[]> {
  const recorded = await listGitlinksOf(project, base);
  return secureModules(project, {
    gitDir: join(path, '.git'),
    keepers: [await commonDirOf(project)],
    checkout: project.cwd,
    treeishes: [base],
    recorded: recorded.map(({ commit }) => commit),
  });
}

function findingOf({ path, taskId }: Workspace, link: FetchedGitlink): Finding[] {
  const { fullPath, commit } = link;
  const common = { taskIds: taskId === undefined ? [] : [taskId], subjects: [fullPath] };
  if (link.status === 'nameless') {
    return [
      {
        ...{ kind: 'gitlink', severity: 'error', ...common },
        message: `${fullPath} is committed as a bare pointer to ${commit}, and no .gitmodules says where that comes from.`,
        hint: `Take it out: git -C ${shellQuote(path)} rm --cached -- ${shellQuote(fullPath)}; move it out of ${shellQuote(path)}; then: pwt resume`,
      },
    ];
  }
  if (link.status === 'missing') {
    if (link.moved) return [];
    return [
      {
        ...{ kind: 'submodule', severity: 'error', ...common },
        message: `The submodule ${fullPath} is moved to ${commit}, which is in no repository of the project: ${link.reason}.`,
        hint: `If a remote has it: git -C ${shellQuote(path)} submodule update --init -- ${shellQuote(fullPath)}; pwt resume`,
      },
    ];
  }
  if (!link.isNew) return [];
  return [
    {
      ...{ kind: 'submodule', severity: 'warning', ...common },
      message: `The submodule ${fullPath} is moved to ${commit}, which is on no known remote. It is kept in ${link.stores.join(' and ')}.`,
      hint: `Once it has landed, check it out with: git submodule update --init -- ${shellQuote(fullPath)}`,
    },
  ];
}

async function commonDirOf(project: Git): Promise<string> {
  return project.text(['rev-parse', '--path-format=absolute', '--git-common-dir']);
}
