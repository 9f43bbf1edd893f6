import { existsSync } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attempt, type Diagnostic, defined, PwtError } from '@pwt/core';
import type { AgentFolder } from '../agents/agent-folder.js';
import { homeOf } from '../agents/agent-folder.js';
import { bringBack } from './bring-back.js';
import { entryOf, makeGitView } from './git-view.js';
import { hiddenPlaces, openSockets } from './hidden-places.js';
import { isWithin, type Mount, mountArguments } from './mounts.js';
import { SandboxFiles } from './sandbox-files.js';
import type { SandboxOptions, SandboxRepository } from './sandbox-options.js';
import { findSandbox, type SandboxSupport, type SandboxTool } from './sandbox-tool.js';
import { seatbeltArguments } from './seatbelt.js';
import { systemMounts } from './system-mounts.js';
import { writablePlaces } from './writable-places.js';

/** A command, as it is started. */
export interface Command {
  /** Absolute. */
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ConfineRequest extends Command {
  readonly attempt: Attempt;
  /** What the agent writes outside of its worktree. */
  readonly folders: readonly AgentFolder[];
  /** Programs that it calls by their paths. */
  readonly reads: readonly string[];
  /** Files of the attempt's state that it writes; they are there. */
  readonly writes: readonly string[];
}

/** Variables that lead to sockets and folders of the user's session. */
const SESSION_VARIABLES = ['XDG_RUNTIME_DIR', 'SSH_AUTH_SOCK', 'DBUS_SESSION_BUS_ADDRESS'];

/**
 * Confines agents: a command becomes one that can write its worktree, the objects and its own entry of the git directory, its own
 * folders, caches and temporary files, and nothing else. What the sandbox keeps apart comes back when the agent has ended.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #repository: SandboxRepository | undefined;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #support: Promise<SandboxSupport> | undefined;

  constructor(parts: {
    readonly options: SandboxOptions;
    readonly repository?: SandboxRepository | undefined;
    /** The environment that the user started pwt with. */
    readonly env: Readonly<Record<string, string | undefined>>;
  }) {
    this.#options = parts.options;
    this.#repository = parts.repository;
    this.#env = parts.env;
  }

  /**
   * What a user should know before anything starts.
   *
   * @throws PwtError `PWT_SANDBOX_UNAVAILABLE` where one is required
   */
  async check(): Promise<Diagnostic[]> {
    if (this.#options.mode === 'off') return [];
    const support = await this.#find();
    if (support.tool !== undefined) return [];
    const { missing, fix } = support;
    const hint = `${fix === undefined ? '' : `${fix}. `}Without one, an agent can write whatever you can: --sandbox off.`;
    if (this.#options.mode === 'required') {
      throw new PwtError('PWT_SANDBOX_UNAVAILABLE', `The agents can’t be confined: ${missing}.`, { hint });
    }
    return [
      {
        code: 'PWT_SANDBOX_UNAVAILABLE',
        severity: 'warning',
        message: `The agents run without a sandbox: ${missing}.`,
        hint,
      },
    ];
  }

  /** The tool that confines agents; `undefined`: they are not confined. */
  async tool(): Promise<SandboxTool | undefined> {
    return this.#options.mode === 'off' ? undefined : (await this.#find()).tool;
  }

  /**
   * The command that runs this one confined; the same one where agents are not.
   *
   * @throws PwtError `PWT_SANDBOX_UNAVAILABLE` where one is required
   */
  async confine(request: ConfineRequest): Promise<Command> {
    await this.check();
    const tool = await this.tool();
    // A start with a lease is refused; the sandbox of the agent that holds it stays as it is.
    const isTaken = existsSync(join(request.attempt.stateDir, 'lease'));
    if (tool === undefined || isTaken) return request;
    return tool.kind === 'bwrap' ? this.#withBubblewrap(tool, request) : this.#withSeatbelt(tool, request);
  }

  /**
   * Brings into the repository what the sandbox of an ended agent kept apart. Safe to repeat.
   *
   * @returns what a person should know, a sentence each
   */
  async bringBack({
    stateDir,
    runId,
    taskId,
    number,
  }: Pick<Attempt, 'stateDir' | 'runId' | 'taskId' | 'number'>): Promise<string[]> {
    const repository = this.#repository;
    if (repository === undefined) return [];
    const keepUnder = `refs/pwt/${runId}/sandbox/${taskId}/${number}/`;
    return bringBack({ repository, files: new SandboxFiles(stateDir), keepUnder });
  }

  async #withBubblewrap(tool: SandboxTool, request: ConfineRequest): Promise<Command> {
    const { attempt, command, args } = request;
    const { network = 'open', paths = [] } = this.#options;
    const stateDir = await realpath(attempt.stateDir);
    const files = new SandboxFiles(stateDir);
    const workTree = await realpath(attempt.workspace.path);
    await rm(files.dir, { recursive: true, force: true });
    for (const dir of [files.tmp, files.varTmp]) await mkdir(dir, { recursive: true, mode: 0o700 });
    const repository = await this.#realRepository();
    const gitDir = repository && (await entryOf(workTree, repository.commonDir));
    const view =
      repository === undefined || gitDir === undefined
        ? undefined
        : await makeGitView({ repository, gitDir, dir: files.git, refsBefore: files.refsBefore, stateDir });
    const env = confinedEnvironment(request.env, paths);
    const needed = [workTree, stateDir, repository?.git.cwd, repository?.commonDir, homeOf(env)];
    const hidden = await hiddenPlaces({
      ...{ tmp: files.tmp, varTmp: files.varTmp, command, args, env: request.env },
      needed: [
        ...needed.filter((path) => path !== undefined),
        ...(view?.alternates ?? []),
        ...paths,
        ...request.reads,
      ],
    });
    const inside = [workTree, ...(repository ? [repository.commonDir] : [])];
    const writable = await writablePlaces({ folders: request.folders, paths, env, inside });
    const mounts: Mount[] = [
      ...hidden,
      ...writable,
      { kind: 'write', from: workTree, to: workTree },
      ...(existsSync(join(workTree, '.git')) && gitDir !== undefined
        ? [readOnly(join(workTree, '.git'))]
        : []),
      ...(view?.mounts ?? [readOnly(stateDir)]),
      ...(await ownFiles([request.env.GIT_TRACE2_EVENT, ...request.writes], stateDir)),
    ];
    const seen = (path: string) => isSeen(mounts, path) && !paths.includes(path);
    const sockets = await openSockets(seen);
    await files.writeRecord({
      hadWorktreeConfig: gitDir !== undefined && existsSync(join(gitDir, 'config.worktree')),
      ...defined({ gitDir, branch: attempt.workspace.branch }),
    });
    return {
      command: tool.path,
      args: [
        ...systemMounts({ network }),
        ...mountArguments([...mounts, ...sockets]),
        ...['--chdir', workTree, '--', command, ...args],
      ],
      env: { ...env, PWT_SANDBOX: tool.kind },
    };
  }

  async #withSeatbelt(tool: SandboxTool, request: ConfineRequest): Promise<Command> {
    const { attempt, command, args, env } = request;
    const { network = 'open', paths = [] } = this.#options;
    const workTree = await realpath(attempt.workspace.path);
    const repository = await this.#realRepository();
    const gitDir = repository && (await entryOf(workTree, repository.commonDir));
    const inside = [workTree, ...(repository ? [repository.commonDir] : [])];
    const places = await writablePlaces({ folders: request.folders, paths, env, inside });
    const temporary = await Promise.all(
      ['/tmp', '/var/tmp', ...(env.TMPDIR === undefined ? [] : [env.TMPDIR])]
        .filter((path) => existsSync(path))
        .map((path) => realpath(path)),
    );
    const git =
      repository === undefined || gitDir === undefined
        ? { writable: [], readOnly: [] }
        : gitPlaces(repository.commonDir, gitDir, attempt.workspace.branch);
    const stateDir = await realpath(attempt.stateDir);
    const own = (await ownFiles([env.GIT_TRACE2_EVENT, ...request.writes], stateDir)).map(({ to }) => to);
    const listed = (kind: Mount['kind']) => places.filter((place) => place.kind === kind).map(({ to }) => to);
    return {
      command: tool.path,
      args: [
        ...seatbeltArguments({
          writable: [workTree, ...temporary, ...listed('write'), ...git.writable, ...own],
          readOnly: [
            ...listed('read'),
            ...(gitDir === undefined ? [] : [join(workTree, '.git')]),
            ...git.readOnly,
          ],
          network,
        }),
        ...[command, ...args],
      ],
      env: { ...env, PWT_SANDBOX: tool.kind },
    };
  }

  async #realRepository(): Promise<SandboxRepository | undefined> {
    const repository = this.#repository;
    return repository && { ...repository, commonDir: await realpath(repository.commonDir) };
  }

  async #find(): Promise<SandboxSupport> {
    this.#support ??= findSandbox(this.#env);
    const support = await this.#support;
    const commonDir = this.#repository?.commonDir;
    const isOdd = commonDir !== undefined && existsSync(join(commonDir, 'reftable'));
    return support.tool !== undefined && isOdd
      ? { missing: 'this repository keeps its refs in a reftable' }
      : support;
  }
}

function readOnly(path: string): Mount {
  return { kind: 'read', from: path, to: path };
}

function confinedEnvironment(
  env: Readonly<Record<string, string>>,
  paths: readonly string[],
): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) => !SESSION_VARIABLES.includes(name) || paths.includes(value),
  );
  const temporary = ['TMPDIR', 'TMP', 'TEMP'].filter((name) => env[name] !== undefined);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(temporary.map((name) => [name, '/tmp'])) };
}

/** What the agent writes of the state of its attempt: where its git tells what it does (`GIT_TRACE2_EVENT`), and its statement. */
async function ownFiles(paths: readonly (string | undefined)[], stateDir: string): Promise<Mount[]> {
  const there = paths.filter((path) => path !== undefined && existsSync(path)) as string[];
  const real = await Promise.all(there.map((path) => realpath(path)));
  return real
    .filter((path) => isWithin(stateDir, path) && path !== stateDir)
    .map((path) => ({ kind: 'write', from: path, to: path }));
}

/** False for what a private folder stands in front of. */
function isSeen(mounts: readonly Mount[], path: string): boolean {
  const [innermost] = mounts.filter(({ to }) => isWithin(to, path)).sort((a, b) => b.to.length - a.to.length);
  return innermost === undefined || (innermost.kind !== 'empty' && innermost.from === innermost.to);
}

/** The part of the shared git directory that a commit on the own branch needs, where nothing can be put in front of it. */
function gitPlaces(commonDir: string, gitDir: string, branch: string | undefined) {
  const ref = branch === undefined ? [] : [join(commonDir, 'refs/heads', branch)];
  return {
    writable: [
      join(commonDir, 'objects'),
      gitDir,
      ...ref.flatMap((path) => [path, `${path}.lock`]),
      ...(branch === undefined ? [] : [join(commonDir, 'logs/refs/heads', branch)]),
    ],
    readOnly: [
      join(commonDir, 'objects/info'),
      ...['commondir', 'gitdir', 'config.worktree'].map((name) => join(gitDir, name)),
    ],
  };
}
