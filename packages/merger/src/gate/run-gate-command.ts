import { readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { type GatePart, hasCode, isPwtError, throwIfAborted } from '@pwt/core';
import { type RunOptions, type RunResult, runCommand } from '@pwt/process';

/**
 * Runs the command in a shell of its own, then writes what the command took of the CPU. The command itself is data here:
 * nothing is put into this text.
 */
const MEASURED = '/bin/sh -c "$1"; status=$?; times >"$2"; exit "$status"';

/** How a shell reports a signal that ended its command: 128 and the number. These come from outside of what is tested. */
const FROM_OUTSIDE = ['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM'] as const;
const SUMMARY_BYTES = 4096;

/** What became of one command, with the CPU time of its processes where that is known. */
export type CommandOutcome = Omit<GatePart, 'name'> & { readonly cpuMs?: number };

export interface GateCommandRequest
  extends Pick<RunOptions, 'cwd' | 'env' | 'timeoutMs' | 'graceMs' | 'abortSignal' | 'sharedMark'> {
  /** The user's own text. */
  readonly text: string;
  /** Absolute; its folder exists. */
  readonly logFile: string;
}

/** Runs one command of a gate. What goes wrong is an outcome, except an abort. */
export async function runGateCommand({
  text,
  logFile,
  ...options
}: GateCommandRequest): Promise<CommandOutcome> {
  const startedAt = performance.now();
  const timesFile = `${logFile}.times`;
  try {
    const result = await runCommand({
      ...options,
      command: '/bin/sh',
      args: ['-c', MEASURED, 'sh', text, timesFile],
      stdoutFile: logFile,
      stderrFile: logFile,
      maxOutputBytes: SUMMARY_BYTES,
    });
    if (result.aborted) throwIfAborted(options.abortSignal);
    return { ...outcomeOf(result, logFile), ...(await cpuTime(timesFile)) };
  } catch (error) {
    if (hasCode(error, 'PWT_ABORTED') || !(isPwtError(error) || isSystemError(error))) throw error;
    const durationMs = performance.now() - startedAt;
    return {
      status: 'broken',
      durationMs,
      logFile,
      summary: `The gate could not be started: ${error.message}`,
    };
  } finally {
    await rm(timesFile, { force: true });
  }
}

function outcomeOf(
  { durationMs, exitCode, signal, timedOut, stdoutTail }: RunResult,
  logFile: string,
): CommandOutcome {
  const summary = stdoutTail.trimEnd();
  if (timedOut) return { status: 'timed-out', durationMs, logFile, summary };
  if (exitCode === 0) return { status: 'green', durationMs, logFile };
  const broken = (why: string): CommandOutcome => ({ status: 'broken', durationMs, logFile, summary: why });
  const ended = exitCode === null ? (signal ?? 'the system') : signalOf(exitCode);
  if (ended !== undefined) return broken(`The gate was ended by ${ended}. Log: ${logFile}`);
  if (exitCode === 127) return broken(`The gate ended with 127 (a command was not found): ${summary}`);
  if (exitCode === 126) return broken(`The gate ended with 126 (a command is not executable): ${summary}`);
  return { status: 'red', durationMs, logFile, exitCode: exitCode as number, summary };
}

function signalOf(exitCode: number): string | undefined {
  return FROM_OUTSIDE.find((name) => exitCode === 128 + constants.signals[name]);
}

/** POSIX `times`: the shell's own user and system time in the first line, that of its children in the second: `0m1.25s`. */
async function cpuTime(timesFile: string): Promise<{ readonly cpuMs?: number }> {
  const text = await readFile(timesFile, 'utf8').catch(() => '');
  const times = [...text.matchAll(/(\d+)m(\d+)[.,](\d+)s/g)].slice(2, 4);
  if (times.length < 2) return {};
  const ms = ([, minutes, seconds, fraction]: RegExpMatchArray) =>
    Math.round((Number(minutes) * 60 + Number(`${seconds}.${fraction}`)) * 1000);
  return { cpuMs: times.reduce((sum, time) => sum + ms(time), 0) };
}

/** Disk full, no permission for the log file. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
