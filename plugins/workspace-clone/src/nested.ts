import type { Finding, Workspace } from '@pwt/core';
import { type Git, readStatus } from '@pwt/git';

/** Repositories that were made inside a clone: git would commit a bare pointer to each, and none of its files. */
export async function repositoriesIn(clone: Git): Promise<string[]> {
  const entries = await readStatus(clone);
  return entries.flatMap(({ kind, path }) =>
    kind === 'untracked' && path.endsWith('/') ? [path.slice(0, -1)] : [],
  );
}

/** Says that one of them is not part of the work. */
export function leftOut({ path, taskId }: Workspace, repository: string): Finding {
  return {
    kind: 'nested-repository',
    severity: 'warning',
    taskIds: taskId === undefined ? [] : [taskId],
    subjects: [repository],
    message: `${repository} is a repository of its own, so it is not committed: git would take a pointer to it and none of its files.`,
    hint: `It stays in ${path}.`,
  };
}
