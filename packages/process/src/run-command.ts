import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PwtError } from '@pwt/core';
import { CommandOutput, writeStdin } from './command-output.js';
import { identify } from './identity.js';
import { assertMark, createMark, joinMark, MARK_VARIABLE } from './mark.js';
import { assertCommandRequest } from './request.js';
import { resolveCommand } from './resolve-command.js';
import { type StopReport, stopTree } from './stop-tree.js';

export interface RunOptions {
  /** Absolute. */
  readonly cwd: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed. @default 'ignore': an empty stdin */
  readonly stdin?: string | Buffer | 'ignore';
  /** Absolute; created or appended to. Without it the output is only kept as a tail. */
  readonly stdoutFile?: string;
  /** Absolute; created or appended to. May be the same file as `stdoutFile`. */
  readonly stderrFile?: string;
  /** Stops the whole tree after this time. @default none */
  readonly timeoutMs?: number;
  /** Stops the whole tree when aborted. */
  readonly abortSignal?: AbortSignal;
  /** How long a stopped tree may take to end by itself. @default 5000 */
  readonly graceMs?: number;
  /** The length of each tail, in bytes. @default 65536 */
  readonly maxOutputBytes?: number;
  /** What to do with processes that outlive the command: end them, or leave them. @default 'stop' */
  readonly leftovers?: 'stop' | 'keep';
  /** The mark of the processes, for a sweep after a crash. @default a new one */
  readonly mark?: string;
  /** A mark that several commands share, on top of their own: a sweep of it ends them all. */
  readonly sharedMark?: string;
}

export interface RunCommandRequest extends RunOptions {
  readonly command: string;
  readonly args: readonly string[];
}

/** How a command ended. A failure of the command is a value here, never an exception. */
export interface RunResult {
  /** `null` when a signal ended it or it never started. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** True when `timeoutMs` ran out. */
  readonly timedOut: boolean;
  /** True when `abortSignal` stopped it. */
  readonly aborted: boolean;
  readonly stdoutTail: string;
  readonly stderrTail: string;
  readonly durationMs: number;
  /** Processes that had to be ended: the tree after a time-out or abort, or leftovers of a finished command. */
  readonly stopped: StopReport;
}

const NOTHING_STOPPED: StopReport = { terminated: [], killed: [], survivors: [] };

/**
 * Runs a command to its end and returns how it ended; for gates, setup commands and probes.
 *
 * It runs in a session of its own with a mark, and whatever it started ends with it: on a time-out, on an
 * abort, and (unless `leftovers` is `keep`) after it has ended by itself. Use a supervised command for what must go on
 * when this process ends.
 *
 * @throws PwtError `PWT_COMMAND_NOT_FOUND`, `PWT_COMMAND_NOT_EXECUTABLE`, `PWT_CWD_NOT_FOUND`,
 *   `PWT_PROCESS_BAD_REQUEST`, `PWT_PROCESS_START_FAILED`
 */
export async function runCommand(request: RunCommandRequest): Promise<RunResult> {
  const startedAt = performance.now();
  const { stdoutFile, stderrFile, abortSignal, maxOutputBytes = 65_536, mark = createMark() } = request;
  assertMark(mark);
  if (request.sharedMark !== undefined) assertMark(request.sharedMark);
  await assertCommandRequest({ ...request, paths: { stdoutFile, stderrFile } });
  const program = await resolveCommand(request.command, request);
  const stdout = await CommandOutput.open(stdoutFile, maxOutputBytes);
  const stderr = await CommandOutput.open(stderrFile, maxOutputBytes);
  try {
    const ending = abortSignal?.aborted
      ? { exitCode: null, signal: null, cause: 'abort' as const, stopped: NOTHING_STOPPED }
      : await runToEnd({ ...request, mark }, program, stdout, stderr);
    const [stdoutTail, stderrTail] = await Promise.all([stdout.end(), stderr.end()]);
    return {
      exitCode: ending.exitCode,
      signal: ending.signal,
      timedOut: ending.cause === 'timeout',
      aborted: ending.cause === 'abort',
      stdoutTail,
      stderrTail,
      durationMs: performance.now() - startedAt,
      stopped: ending.stopped,
    };
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
  }
}

/**
 * Runs the user's own text by `sh -c`, for gates and setup commands that the user wrote as one line.
 *
 * Nothing is interpolated into the text: pass data in `env`. See {@link runCommand} for the rest.
 */
export function runShell(text: string, options: RunOptions): Promise<RunResult> {
  return runCommand({ ...options, command: '/bin/sh', args: ['-c', text] });
}

interface Ending extends Pick<RunResult, 'exitCode' | 'signal' | 'stopped'> {
  readonly cause: 'exited' | 'timeout' | 'abort';
}

async function runToEnd(
  request: RunCommandRequest & { readonly mark: string },
  program: string,
  stdout: CommandOutput,
  stderr: CommandOutput,
): Promise<Ending> {
  const { mark, timeoutMs, abortSignal, graceMs = 5000, leftovers = 'stop' } = request;
  const { child, exited } = await spawnCommand(request, program, [stdout.stdio, stderr.stdio]);
  stdout.readFrom(child.stdout);
  stderr.readFrom(child.stderr);
  const root = identify(child.pid as number);
  const cause = await firstOf(exited, timeoutMs, abortSignal);
  const mustStop = cause !== 'exited' || leftovers === 'stop';
  const stopped = mustStop ? await stopTree({ mark, graceMs, ...(root && { root }) }) : NOTHING_STOPPED;
  // A process that SIGKILL does not end would never be reported: do not wait for it.
  const isStuck = stopped.survivors.some(({ pid }) => pid === root?.pid);
  const [exitCode, signal] = isStuck ? [null, null] : await exited;
  return { exitCode, signal, cause, stopped };
}

interface RunningCommand {
  readonly child: ChildProcess;
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

async function spawnCommand(
  request: RunCommandRequest & { readonly mark: string },
  program: string,
  output: readonly (number | 'pipe')[],
): Promise<RunningCommand> {
  const { stdin = 'ignore', env, mark, sharedMark, cwd } = request;
  const inherited = env[MARK_VARIABLE];
  const outer = sharedMark === undefined ? inherited : joinMark(inherited, sharedMark);
  try {
    const child = spawn(program, request.args, {
      cwd,
      env: { ...env, [MARK_VARIABLE]: joinMark(outer, mark) },
      detached: true,
      stdio: [stdin === 'ignore' ? 'ignore' : 'pipe', ...output],
    });
    const exited: RunningCommand['exited'] = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => resolve([exitCode, signal]));
    });
    await once(child, 'spawn');
    if (stdin !== 'ignore') writeStdin(child, stdin);
    return { child, exited };
  } catch (error) {
    throw new PwtError(
      'PWT_PROCESS_START_FAILED',
      `Could not start ${program}: ${(error as Error).message}`,
      {
        hint: 'The message is the system’s. Nothing was started.',
        data: { command: request.command, cwd },
        cause: error,
      },
    );
  }
}

async function firstOf(
  exited: Promise<unknown>,
  timeoutMs: number | undefined,
  abortSignal: AbortSignal | undefined,
): Promise<Ending['cause']> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs, 'timeout');
  });
  const abort = new Promise<'abort'>((resolve) => {
    onAbort = () => resolve('abort');
    abortSignal?.addEventListener('abort', onAbort, { once: true });
    if (abortSignal?.aborted) onAbort();
  });
  try {
    return await Promise.race([exited.then(() => 'exited' as const), timeout, abort]);
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener('abort', onAbort);
  }
}
