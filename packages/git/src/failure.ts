import { PwtError, shellQuote } from '@pwt/core';
import { explainFailure, gitsWords } from './failure-text.js';

/** How much of git's standard error an error carries. */
const STDERR_TAIL_CHARACTERS = 4_000;

/** A git command that ended in a way its caller did not expect. */
export interface FailedCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal?: string | undefined;
  readonly stderr: string;
}

/**
 * The error for a failed command.
 *
 * Two failures of the environment get their own code, because there is one clear thing to do about each:
 * PWT_NOT_A_REPOSITORY and PWT_GIT_UNSAFE_OWNER. Everything else is PWT_GIT_FAILED, with git's words as whole
 * sentences, what they mean, and the next command; `data` has `args`, `cwd`, `exitCode`, `signal` and the end of
 * `stderr`.
 */
export function gitFailure(command: FailedCommand): PwtError {
  const { args, cwd, exitCode, signal } = command;
  const stderr = command.stderr.slice(-STDERR_TAIL_CHARACTERS).trim();
  const data = { args, cwd, exitCode, signal: signal ?? null, stderr };
  // The configuration key, not the prose: every release since 2.35.2 prints the command that sets it.
  if (exitCode === 128 && stderr.includes('safe.directory')) {
    return new PwtError('PWT_GIT_UNSAFE_OWNER', `git refuses ${cwd}: it belongs to another user.`, {
      hint: `If you trust it: git config --global --add safe.directory ${shellQuote(cwd)}`,
      data,
    });
  }
  if (exitCode === 128 && /^fatal: not a git repository/m.test(stderr)) {
    return new PwtError('PWT_NOT_A_REPOSITORY', `${cwd} is not in a git repository.`, {
      hint: 'Go to a repository, or make one: git init',
      data,
    });
  }
  const how =
    exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `failed with exit code ${exitCode}`;
  const { means, hint } = explainFailure(stderr, command);
  return new PwtError('PWT_GIT_FAILED', `git ${subcommand(args)} ${how}: ${gitsWords(stderr)}${means}`, {
    hint,
    data,
  });
}

/**
 * True if the command lost a race against another process and may succeed when it is repeated: a lock file is held,
 * or it has read an unfinished worktree (`git worktree add` writes its `commondir` file after it has created it, and
 * a command that lists worktrees at that moment fails; seen with git 2.39).
 */
export function isTransientFailure(stderr: string): boolean {
  return (
    /(\.lock|packed-refs\.new)'?: File exists|could not lock config file .*: File exists/.test(stderr) ||
    // Reftable, git 2.45 and later.
    /reftable: transaction prepare: data is locked/.test(stderr) ||
    /failed to read \S*worktrees\/.*\/commondir/.test(stderr)
  );
}

/** The first argument that is neither `-c` nor its value. */
function subcommand(args: readonly string[]): string {
  return args.find((arg, index) => arg !== '-c' && args[index - 1] !== '-c') ?? '';
}
