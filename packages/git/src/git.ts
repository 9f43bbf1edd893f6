import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { decodeText, encodeText } from './byte-text.js';
import { endGroupOnAbort } from './end-group.js';
import { type Environment, gitEnvironment } from './environment.js';
import { gitFailure } from './failure.js';
import { type GitPlace, placeVariables, type WorktreePlace } from './git-place.js';
import { KILLED_TIMES, wasKilled } from './lock.js';
import type { NearReader } from './near/near-reader.js';
import { pinnedConfig } from './pinned.js';
import type { Recovery } from './recovery/recovery.js';
import { isRepeatable } from './recovery/subcommand.js';
import { startFailure } from './start-failure.js';
import { type GitFeatures, type GitVersion, gitFeatures, parseGitVersion } from './version.js';

export interface GitOptions {
  /** The directory in which git runs. */
  readonly cwd: string;
  /** Without it, git looks for the repository around `cwd`. */
  readonly place?: GitPlace;
  /** The caller's environment, in practice `process.env`; its `GIT_*` variables are filtered. */
  readonly env: Environment;
  /** The program. @default 'git', found on the PATH of `env` */
  readonly gitPath?: string;
  /** Records commands that take locks, and removes what killed ones leave. @default none */
  readonly recovery?: Recovery;
  /** Answers small questions about the repository of {@link GitOptions.place} without a process. @default none */
  readonly near?: NearReader;
}

export interface GitRunOptions {
  /** Instead of the instance's directory. */
  readonly cwd?: string;
  /** Standard input; without it, standard input is empty. */
  readonly input?: string | Uint8Array;
  /** On top of the filtered and pinned environment, taken as it is (`GIT_INDEX_FILE`, an identity). */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Search for the repository around the directory, whatever {@link Git.place} says. Only for commands that ask
   * where things are: they read the configuration that lies there.
   */
  readonly discover?: boolean;
  /** Exit codes that are an answer and not a failure. @default [0] */
  readonly okExitCodes?: readonly number[];
  /** Ends git and what it has started (TERM, then KILL); the call rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal;
}

export interface GitResult {
  readonly exitCode: number;
  /** As UTF-8; a byte that is not (in a file's name, say) becomes a lone surrogate, see `decodeText`. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitBytesResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_OUTPUT_BYTES = 1024 ** 3;

/**
 * Runs git. The only place in pwt that does.
 *
 * Every command runs without a shell, in a fixed locale, with the configuration of `pinned.ts`, and in its
 * own session: Ctrl-C at the terminal does not interrupt git half-way, and nothing can prompt there.
 *
 * @throws PWT_GIT_FAILED on an exit code outside `okExitCodes`
 * @throws PWT_GIT_NOT_FOUND if the program cannot be started
 * @throws PWT_CWD_NOT_FOUND if the directory does not exist, PWT_PATH_NOT_UTF8 if Node cannot name it
 * @throws PWT_NOT_A_REPOSITORY, PWT_GIT_UNSAFE_OWNER when git says so
 */
export class Git {
  readonly cwd: string;
  readonly gitPath: string;
  readonly place: GitPlace | undefined;
  readonly recovery: Recovery | undefined;
  readonly near: NearReader | undefined;
  readonly #env: Record<string, string>;
  /** Shared by the instances for other directories. */
  #known: { version?: Promise<GitVersion> } = {};

  constructor(options: GitOptions) {
    this.cwd = options.cwd;
    this.gitPath = options.gitPath ?? 'git';
    this.place = options.place;
    this.recovery = options.recovery;
    // The reader knows one repository only.
    this.near = options.near?.commonDir === options.place?.commonDir ? options.near : undefined;
    this.#env = gitEnvironment(options.env);
  }

  /**
   * The same git in another directory, where it looks for a repository: never in one that an agent can write
   * to, which is what {@link Git.inPlace} is for.
   */
  at(cwd: string): Git {
    return this.#like({ cwd });
  }

  /**
   * The same git in a working tree whose repository the caller knows. It is the only way into a task's worktree:
   * its `.git`, and what stands in it, are the agent's.
   */
  inPlace(place: GitPlace): Git {
    return this.#like({ cwd: place.workTree, place });
  }

  /** {@link Git.inPlace} for a linked worktree of this repository, with the same trusted configuration. */
  inWorktree({ path, gitDir, commonDir }: WorktreePlace): Git {
    const { mirror } = this.place ?? {};
    const place = { workTree: path, gitDir, commonDir };
    return this.inPlace(mirror === undefined ? place : { ...place, mirror });
  }

  /** The same git, with a recovery that removes what its killed commands leave. */
  recoveringWith(recovery: Recovery): Git {
    const { cwd, place } = this;
    return this.#like({ cwd, recovery, ...(place ? { place } : {}) });
  }

  /** The same git, with a reader that answers small questions about this repository. */
  readingWith(near: NearReader): Git {
    const { cwd, place } = this;
    return this.#like({ cwd, near, ...(place ? { place } : {}) });
  }

  #like(options: Pick<GitOptions, 'cwd' | 'place' | 'recovery' | 'near'>): Git {
    const { gitPath, recovery, near } = this;
    const kept = { ...(recovery ? { recovery } : {}), ...(near ? { near } : {}) };
    const other = new Git({ ...kept, ...options, env: this.#env, gitPath });
    other.#known = this.#known;
    return other;
  }

  /** Runs one command; standard output as text. */
  async run(args: readonly string[], options: GitRunOptions = {}): Promise<GitResult> {
    const { exitCode, stdout, stderr } = await this.runBytes(args, options);
    return { exitCode, stdout: decodeText(stdout), stderr };
  }

  /** Standard output without its final newline. */
  async text(args: readonly string[], options: GitRunOptions = {}): Promise<string> {
    return withoutFinal((await this.run(args, options)).stdout, '\n');
  }

  /** The lines of standard output. */
  async lines(args: readonly string[], options: GitRunOptions = {}): Promise<string[]> {
    return split((await this.run(args, options)).stdout, '\n');
  }

  /** The NUL-terminated records of standard output, for commands with `-z`. */
  async zRecords(args: readonly string[], options: GitRunOptions = {}): Promise<string[]> {
    return split((await this.run(args, options)).stdout, '\0');
  }

  /** Runs one command; standard output as bytes. One that may be done twice is repeated if it is killed. */
  async runBytes(args: readonly string[], options: GitRunOptions = {}): Promise<GitBytesResult> {
    for (let kills = 0; ; kills += 1) {
      try {
        return await this.#runOnce(args, options);
      } catch (error) {
        if (!wasKilled(error) || kills === KILLED_TIMES || !isRepeatable(args)) throw error;
        await this.recovery?.recover();
      }
    }
  }

  async #runOnce(args: readonly string[], options: GitRunOptions): Promise<GitBytesResult> {
    options.abortSignal?.throwIfAborted();
    const cwd = options.cwd ?? this.cwd;
    const input = typeof options.input === 'string' ? encodeText(options.input) : options.input;
    const [{ execa }, ended] = await Promise.all([import('execa'), this.recovery?.running.begin(args, cwd)]);
    const child = execa(this.gitPath, withPinnedConfig(args), {
      ...this.#processOptions(cwd, options),
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      maxBuffer: MAX_OUTPUT_BYTES,
      reject: false,
    });
    const forget = options.abortSignal && endGroupOnAbort(child, options.abortSignal);
    const result = await child;
    forget?.();
    await ended?.(result.signal !== undefined);
    options.abortSignal?.throwIfAborted();
    const stderr = asBuffer(result.stderr).toString('utf8');
    const exitCode = result.exitCode ?? null;
    if (exitCode === null && result.signal === undefined) throw await startFailure(this.gitPath, cwd, result);
    if (exitCode === null || !(options.okExitCodes ?? [0]).includes(exitCode)) {
      throw gitFailure({ args, cwd, exitCode, signal: result.signal, stderr });
    }
    return { exitCode, stdout: asBuffer(result.stdout), stderr };
  }

  /**
   * Starts a command that reads questions from its standard input and answers them, until that ends. For commands that
   * take no lock while they wait.
   */
  async start(args: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
    const { spawn } = await import('node:child_process');
    const { cwd, env, detached } = this.#processOptions(this.cwd);
    return spawn(this.gitPath, withPinnedConfig(args), { cwd, env, detached, stdio: 'pipe' });
  }

  #processOptions(cwd: string, { env, discover }: Pick<GitRunOptions, 'env' | 'discover'> = {}) {
    return {
      cwd,
      env: { ...this.#env, ...(discover ? {} : placeVariables(this.place)), ...env },
      extendEnv: false,
      shell: false,
      // A session of its own, and no clean-up at exit: git finishes what it has begun.
      detached: true,
      cleanup: false,
      encoding: 'buffer',
      stripFinalNewline: false,
    } as const;
  }

  /** A variable of the environment in which git runs. */
  variable(name: string): string | undefined {
    return this.#env[name];
  }

  /** The release of git; asked once. */
  version(): Promise<GitVersion> {
    this.#known.version ??= this.run(['version']).then(({ stdout }) => parseGitVersion(stdout));
    return this.#known.version;
  }

  /** What this git can do; asked once. */
  async features(): Promise<GitFeatures> {
    return gitFeatures(await this.version());
  }
}

/** A command line: the pinned configuration, then the command. */
function withPinnedConfig(args: readonly string[]): string[] {
  return [...pinnedConfig.flatMap(([key, value]) => ['-c', `${key}=${value}`]), ...args];
}

function split(text: string, terminator: string): string[] {
  return text === '' ? [] : withoutFinal(text, terminator).split(terminator);
}

function withoutFinal(text: string, terminator: string): string {
  return text.endsWith(terminator) ? text.slice(0, -terminator.length) : text;
}

function asBuffer(bytes: Uint8Array | undefined): Buffer {
  return bytes === undefined
    ? Buffer.alloc(0)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
