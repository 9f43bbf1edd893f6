import { type Finding, shellQuote, type Workspace } from '@pwt/core';
import type { LeftOut } from './left-out.js';
import type { Leftovers } from './leftovers.js';

/**
 * The findings about what the commit of a worktree's work leaves out, with what to do about it, and about edits that
 * it contains although git was told to hide them. Pure.
 */
export function leftOutFindings(
  { path, taskId }: Workspace,
  { repositories, linksOut, hidden }: Pick<Leftovers, 'repositories' | 'linksOut' | 'hidden'>,
  leftOut: readonly LeftOut[],
): Finding[] {
  const common = { severity: 'warning', taskIds: taskId === undefined ? [] : [taskId] } as const;
  const quoted = (inner: string) => shellQuote(`${path}/${inner}`);
  const findings: Finding[] = repositories.map((repository) => ({
    ...{ kind: 'nested-repository', ...common, subjects: [repository] },
    message: `${repository} is a repository of its own, so it is not committed: git would take a pointer to it and none of its files.`,
    hint: `It stays in ${path}. To land its files, move ${quoted(`${repository}/.git`)} away before you commit them; to keep it as a submodule, use git submodule add.`,
  }));
  if (linksOut.length > 0) {
    findings.push({
      ...{ kind: 'link-outside', ...common, subjects: linksOut },
      message: `Symbolic links that lead out of the worktree are not committed: ${listed(linksOut)}.`,
      hint: 'To land one, make and commit it in your own checkout: its target may exist on this machine only.',
    });
  }
  if (hidden.length > 0) {
    findings.push({
      ...{ kind: 'hidden', ...common, subjects: hidden },
      message: `Git was told not to look at ${listed(hidden)} (assume-unchanged or skip-worktree); changes there are committed all the same.`,
    });
  }
  if (leftOut.length > 0) {
    const isData = leftOut.some(({ what }) => what.startsWith('unreadable'));
    findings.push({
      ...{ kind: 'left-out', ...common, severity: isData ? 'warning' : 'info' },
      subjects: leftOut.map((one) => one.path),
      message: `Not committed, because git cannot store it: ${listed(leftOut.map((one) => `${one.path} (${one.what})`))}.`,
      ...(isData && { hint: `What cannot be read stays where it is: chmod -R u+rwX ${shellQuote(path)}` }),
    });
  }
  return findings;
}

function listed(paths: readonly string[]): string {
  return paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
}
