import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError, privateModes } from '@pwt/core';
import { Git, KeyedMutex } from '@pwt/git';
import { GitWorktreeProvider } from '@pwt/worktree';
import { attemptName } from '../protocol/operations.js';
import type { NamedRemote } from './command/remotes.js';
import type { Repositories, WorkerRepository } from './context.js';
import type { WorkerLog } from './log.js';
import { GitMirror } from './mirror/git-mirror.js';
import type { Mirror } from './mirror.js';

export interface OpenRepositoryRequest {
  readonly name: string;
  /** The worker's own folder. Absolute. */
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mirror: Mirror;
}

/** Where the mirror of a repository is. */
export function mirrorDir(stateDir: string, name: string): string {
  return join(stateDir, 'repositories', name, 'mirror.git');
}

/** The mirror of a remote, and its worktrees, in the worker's own folder; made where they are missing. */
export async function openRemote(
  { name, address }: NamedRemote,
  stateDir: string,
  { env, log }: Pick<OpenRepositoryRequest, 'env'> & { readonly log: Pick<WorkerLog, 'warn'> },
): Promise<WorkerRepository> {
  const doors = join(stateDir, 'doors');
  await mkdir(doors, { recursive: true, mode: privateModes.folder });
  const mirror = await GitMirror.open({
    ...{ git: new Git({ cwd: stateDir, env }), address, path: mirrorDir(stateDir, name), doors },
    warn: (text) => log.warn(text),
  });
  return openRepository({ name, stateDir, env, mirror });
}

/** One repository with its worktrees; they are outside of everything that git or an agent could take for a part of it. */
export async function openRepository(request: OpenRepositoryRequest): Promise<WorkerRepository> {
  const { name, mirror, env } = request;
  const stateDir = join(request.stateDir, 'repositories', name, 'state');
  const attemptsDir = join(stateDir, 'attempts');
  const worktrees = join(request.stateDir, 'worktrees', name);
  for (const folder of [stateDir, worktrees])
    await mkdir(folder, { recursive: true, mode: privateModes.folder });
  const options = {
    ...{ git: mirror.git, commonDir: mirror.commonDir, stateDir, env },
    worktreeTemplate: join(worktrees, '{run}', '{id}'),
    branchTemplate: 'pwt/{run}/{id}',
    // No task can be called so.
    scratchTemplate: join(worktrees, '{run}', '@gate-{n}'),
  };
  const provider = new GitWorktreeProvider(options);
  const turns = new KeyedMutex();
  return {
    name,
    stateDir,
    mirror,
    provider,
    withSetup: (setup) =>
      new GitWorktreeProvider({
        ...options,
        setup: {
          command: setup.command,
          ...(setup.timeoutMs === undefined ? {} : { timeoutMs: setup.timeoutMs }),
        },
      }),
    inTurn: ({ runId, taskId }, action) =>
      taskId === undefined ? action() : turns.run(`${runId}/${taskId}`, action),
    attemptsDir,
    attemptDir: (attempt) => join(attemptsDir, attemptName(attempt)),
    async workspace(id) {
      return (await provider.list()).find((workspace) => workspace.id === id);
    },
  };
}

export function repositoriesOf(all: readonly WorkerRepository[]): Repositories {
  return {
    all,
    named(name) {
      const found = all.find((one) => one.name === name);
      if (found !== undefined) return found;
      throw new PwtError('PWT_JOB_NOT_ALLOWED', `There is no repository ${name} on this worker.`);
    },
  };
}
