import { shellQuote } from '@pwt/core';
import { type Git, readRef } from '@pwt/git';
import { type Evidence, findMarkedGitDir, registeredPath } from './evidence.js';
import type { WorktreeRecord } from './records.js';

/**
 * The hint for a worktree that cannot be used any more, with the command that helps in the state in which it is now.
 * The command deletes nothing, and `pwt resume` finds the work afterwards.
 */
export async function recoveryHint(
  git: Git,
  commonDir: string,
  record: WorktreeRecord,
  evidence: Exclude<Evidence, { status: 'intact' }>,
): Promise<string> {
  const { path, branch, base, taskId } = record.workspace;
  const marked = await findMarkedGitDir(commonDir, record.mark);
  const place = shellQuote(path);
  const registered = marked === undefined ? undefined : await registeredPath(marked);
  if (evidence.status === 'gone' && registered !== undefined && registered !== path) {
    const move = `git worktree move ${shellQuote(registered)} ${place}`;
    return `It is in ${registered} now. To bring it back and go on: ${move} && pwt resume`;
  }
  if (evidence.status === 'broken' && marked !== undefined) {
    // Without a path: given one, git looks for the missing file instead of writing it.
    return 'Its files are still there. To connect them again and go on: git worktree repair && pwt resume';
  }
  const tip = branch === undefined ? null : await readRef(git, `refs/heads/${branch}`);
  const kept = `${place} ${shellQuote(`${path}.old`)}`;
  const moveAway =
    evidence.status === 'foreign' && evidence.gitDir ? `git worktree move ${kept}` : `mv ${kept}`;
  const room = evidence.status === 'gone' ? '' : `${moveAway} && `;
  const files = evidence.status === 'gone' ? '' : 'What is there is not touched. ';
  const again = `${files}To start over: ${room}pwt retry ${taskId ?? ''}`.trimEnd();
  if (branch === undefined || tip === null) {
    const where =
      branch === undefined
        ? 'It had no branch.'
        : `Its branch ${branch} is gone, too; commits that no branch holds are found by: git fsck --lost-found.`;
    return `${where} ${again}`;
  }
  if (tip === base && evidence.status === 'gone') return `Nothing was committed on ${branch}. ${again}`;
  // git replaces a registration whose folder is gone only by force; that deletes no file and no branch.
  const force = marked === undefined ? '' : '-f ';
  return `${files}What was committed is on ${branch}. To go on: ${room}git worktree add ${force}${place} ${shellQuote(branch)} && pwt resume`;
}
