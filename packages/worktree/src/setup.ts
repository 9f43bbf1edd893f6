import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PwtError, privateModes, type SetupReport, throwIfAborted, type Workspace } from '@pwt/core';
import {
  type GitIdentity,
  type RoleEnvironment,
  type RunResult,
  roleEnvironment,
  runShell,
} from '@pwt/process';

/** A command that makes a new worktree ready to work in, such as `npm ci`. */
export interface SetupCommand {
  /** The user's own text, run by `sh -c` in the worktree. Nothing is put into it. */
  readonly command: string;
  /** @default 15 minutes */
  readonly timeoutMs?: number;
  /** What else it gets of the user's environment, and with which values. */
  readonly environment?: RoleEnvironment | undefined;
  /** Who its commits are by, for what the user's variables do not say. */
  readonly identity?: () => Promise<GitIdentity>;
}

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

/**
 * Runs the setup command in a workspace, with `PWT_RUN_ID`, `PWT_TASK_ID`, `PWT_WORKTREE`, `PWT_BRANCH` and
 * `PWT_BASE` in its environment.
 *
 * @throws PWT_SETUP_FAILED with the command and its log
 * @throws PWT_ABORTED once the command and all that it has started is ended
 */
export async function runSetup(
  setup: SetupCommand,
  workspace: Workspace,
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly logFile: string;
    readonly abortSignal: AbortSignal | undefined;
  },
): Promise<SetupReport> {
  const { env, logFile, abortSignal } = options;
  await mkdir(dirname(logFile), { recursive: true, mode: privateModes.folder });
  const result = await runShell(setup.command, {
    cwd: workspace.path,
    env: roleEnvironment({
      env,
      role: setup.environment,
      identity: await setup.identity?.(),
      add: {
        PWT_RUN_ID: workspace.runId,
        PWT_TASK_ID: workspace.taskId,
        PWT_WORKTREE: workspace.path,
        PWT_BRANCH: workspace.branch,
        PWT_BASE: workspace.base,
      },
    }),
    stdoutFile: logFile,
    stderrFile: logFile,
    timeoutMs: setup.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(abortSignal && { abortSignal }),
  });
  if (result.aborted) throwIfAborted(abortSignal);
  if (result.exitCode === 0 && !result.timedOut)
    return { durationMs: Math.round(result.durationMs), logFile };
  throw new PwtError('PWT_SETUP_FAILED', `The setup command ${how(result)}: ${setup.command}`, {
    hint: `Its output is in ${logFile}. Correct the command or its surroundings, and run the task again.`,
    data: {
      command: setup.command,
      logFile,
      exitCode: result.exitCode,
      timedOut: result.timedOut,
      output: result.stdoutTail.slice(-2000),
    },
  });
}

function how({ timedOut, exitCode, signal, durationMs }: RunResult): string {
  if (timedOut) return `took longer than ${Math.round(durationMs / 1000)} s`;
  return exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `ended with ${exitCode}`;
}
