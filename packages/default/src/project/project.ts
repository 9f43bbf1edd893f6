import { join } from 'node:path';
import { type CommitId, defined, PwtError, shellQuote } from '@pwt/core';
import {
  type ConfigEntry,
  discoverRepository,
  effectiveConfig,
  Git,
  NearReader,
  openDoor,
  type ProcessView,
  Recovery,
  type Repository,
  requireGitVersion,
  requireHeadBranch,
  requireHeadCommit,
  requireWorktree,
  resolveCommit,
} from '@pwt/git';
import { homeUnwritable } from './home-unwritable.js';
import { readTrusted, trustFolder } from './trust-record.js';

/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The repository that a command works on, read once. */
export interface Project {
  /** The top level of the checkout. Absolute. */
  readonly root: string;
  readonly repository: Repository;
  /** Git in {@link root}, with the trusted configuration: it never reads the repository's own. */
  readonly git: Git;
  /** What the newest run trusted of the repository's configuration; `undefined` before the first. */
  readonly trusted: readonly ConfigEntry[] | undefined;
  /** Where what is trusted is kept. Absolute. */
  readonly trustDir: string;
  /** Where pwt keeps its state for this repository. Absolute. */
  readonly stateDir: string;
  readonly env: Environment;
  /** The command line that starts pwt, where a program of pwt is what runs. Absolute. */
  readonly pwt?: readonly string[];
}

export interface OpenProjectRequest {
  /** Any directory of the checkout. Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  /** A folder of the user's, out of the agents' reach. @default the repository's state directory */
  readonly trustDir?: string;
  /** The command line that starts pwt. Absolute. */
  readonly pwt?: readonly string[];
}

/**
 * Finds the repository around a directory.
 *
 * @throws PwtError `PWT_NOT_A_REPOSITORY`, `PWT_BARE_REPOSITORY`, `PWT_GIT_TOO_OLD`, `PWT_GIT_NOT_FOUND`,
 *   `PWT_CWD_NOT_FOUND`, `PWT_PATH_NOT_UTF8`, `PWT_GIT_UNSAFE_OWNER`, `PWT_HOME_UNWRITABLE`
 */
export async function openProject(request: OpenProjectRequest): Promise<Project> {
  const { cwd, env } = request;
  const git = new Git({ cwd, env });
  // Both at once, for speed; the answer of a git that is too old is not used.
  const [version, discovered] = await Promise.allSettled([git.version(), discoverRepository(git)]);
  requireGitVersion(settledValue(version));
  const repository = requireWorktree(settledValue(discovered));
  const root = repository.topLevel;
  const { gitDir, commonDir, config } = repository;
  const stateDir = join(commonDir, 'pwt');
  const trustDir = request.trustDir ?? stateDir;
  const enter = async () => {
    const trusted = await readTrusted({ trustDir, commonDir });
    const door = await openDoor(git, {
      workTree: root,
      gitDir,
      commonDir,
      config: trusted === undefined ? config : effectiveConfig(trusted, config),
      mirrors: trustFolder({ trustDir, commonDir }),
    });
    return { trusted, door };
  };
  const { trusted, door } = await enter().catch((error: unknown) => {
    throw homeUnwritable(error, trustDir);
  });
  const ownBranches = async () => (await import('@pwt/worktree')).recordedBranches(stateDir);
  const recovery = new Recovery({ commonDir, root, stateDir, processes, ownBranches });
  const recovering = door.recoveringWith(recovery);
  const near = NearReader.of(repository);
  const own = near === undefined ? recovering : recovering.readingWith(near);
  return { root, repository, git: own, trusted, trustDir, stateDir, env, ...defined({ pwt: request.pwt }) };
}

/** Loaded when it is needed: a plan looks at no process. */
async function processes(): Promise<ProcessView> {
  const { findHolders, findPrograms, isAlive, selfIdentity } = await import('@pwt/process');
  return { self: selfIdentity, isAlive, programs: findPrograms, holders: findHolders };
}

function settledValue<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Where all runs of a project keep their files. */
export function runsDir(project: Pick<Project, 'stateDir'>): string {
  return join(project.stateDir, 'runs');
}

/** Where people leave messages for a run. */
export function inboxDir(project: Pick<Project, 'stateDir'>, runId: string): string {
  return join(runsDir(project), runId, 'inbox');
}

/** A branch with the commit it is at. */
export interface BranchTip {
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly commit: CommitId;
}

/**
 * The branch on which a run's work lands: the configured one, or the one that is checked out.
 *
 * @throws PwtError `PWT_DETACHED_HEAD`, `PWT_NO_COMMITS`, `PWT_TARGET_NOT_FOUND`
 */
export async function resolveTarget(project: Project, configured: string | undefined): Promise<BranchTip> {
  const { repository, git } = project;
  if (configured === undefined) {
    const branch = requireHeadBranch(repository).replace(/^refs\/heads\//, '');
    return { branch, commit: requireHeadCommit(repository) };
  }
  const branch = configured.replace(/^refs\/heads\//, '');
  const commit = await resolveCommit(git, `refs/heads/${branch}`);
  if (commit !== null) return { branch, commit };
  throw new PwtError('PWT_TARGET_NOT_FOUND', `There is no branch ${JSON.stringify(branch)} to land on.`, {
    hint: `Make it first: git branch -- ${shellQuote(branch)}, or name another one with --target.`,
    data: { target: branch },
  });
}
