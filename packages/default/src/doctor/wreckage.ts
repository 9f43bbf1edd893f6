import { rename } from 'node:fs/promises';
import { shellQuote, type WorkspaceProvider } from '@pwt/core';
import type { JudgedLock, Recovery } from '@pwt/git';
import type { Project } from '../project/project.js';
import { readLockHolder } from '../project/run-lock.js';
import type { MendableCheck } from './check.js';

/** What a provider offers on top of the contract that keeps notes, which may be damaged or deleted. */
interface NoteKeeper {
  unrecorded(): Promise<readonly string[]>;
  damagedState(): Promise<ReadonlyArray<{ readonly file: string; readonly message: string }>>;
}

/** Lock files and unfinished worktrees of killed git processes. Those of an active run are left to that run. */
export async function checkWreckage(project: Project): Promise<MendableCheck[]> {
  const { recovery } = project.git;
  if (recovery === undefined || (await readLockHolder(project))?.alive) return [];
  const [locks, unfinished] = await Promise.all([recovery.judgeLocks(), recovery.unfinishedWorktrees()]);
  return [
    ...locks.map((lock) => checkLock(lock, recovery)),
    ...unfinished.map(
      ({ adminDir, path, ours }): MendableCheck => ({
        name: 'git',
        status: 'warning',
        message: `the worktree ${path ?? adminDir} is unfinished: a git was killed, or is working on it right now`,
        ...(ours
          ? { fix: 'pwt doctor --fix', mend: () => mend(recovery, adminDir) }
          : { fix: `If no git is at work in this repository: rm -r ${shellQuote(adminDir)}` }),
      }),
    ),
  ];
}

function checkLock({ path, judgement }: JudgedLock, recovery: Recovery): MendableCheck {
  const name = 'git';
  if (judgement.status === 'held') {
    const { pid, args } = judgement.by;
    const message = `${path} is held, perhaps by process ${pid} (${args.slice(0, 3).join(' ') || 'of another user'})`;
    return { name, status: 'note', message, fix: `Wait until it has ended. If it hangs: kill ${pid}` };
  }
  if (judgement.status === 'dead') {
    const message = `${path} is the lock of a dead git: ${judgement.why}`;
    return { name, status: 'warning', message, fix: 'pwt doctor --fix', mend: () => mend(recovery, path) };
  }
  const message = `${path} is a lock, and no git that could hold it runs on this machine`;
  return {
    name,
    status: 'warning',
    message,
    fix: `If none runs in a container either: rm ${shellQuote(path)}`,
  };
}

/** One recovery removes everything, so another check may have done it. */
async function mend(recovery: Recovery, path: string): Promise<string> {
  await recovery.settle();
  return `removed ${path}`;
}

/** Records of worktrees and trash that can't be read, and worktrees without a record. */
export async function checkNotes(provider: WorkspaceProvider, now: number): Promise<MendableCheck[]> {
  if (!keepsNotes(provider)) return [];
  const unrecorded = (await provider.unrecorded()).map(
    (path): MendableCheck => ({
      name: 'records',
      status: 'warning',
      message: `pwt has made ${path}, and has no record of it any more`,
      // Git refuses where something is not committed.
      fix: `Save what you need of it, then: git worktree remove ${shellQuote(path)}`,
    }),
  );
  const damaged = (await provider.damagedState()).map(
    ({ file, message }): MendableCheck => ({
      name: 'records',
      status: 'warning',
      message,
      fix: 'pwt doctor --fix',
      mend: async () => {
        const aside = `${file}.damaged-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
        await rename(file, aside);
        return `kept it as ${aside}`;
      },
    }),
  );
  return [...unrecorded, ...damaged];
}

function keepsNotes(provider: object): provider is NoteKeeper {
  return 'damagedState' in provider && 'unrecorded' in provider;
}
