import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  defined,
  type Gate,
  type GateRequest,
  hasCode,
  isPwtError,
  privateModes,
  subjectName,
  throwIfAborted,
  type Verdict,
} from '@pwt/core';
import {
  type GitIdentity,
  type RoleEnvironment,
  type RunResult,
  roleEnvironment,
  runShell,
} from '@pwt/process';

export interface CommandGateOptions {
  /** The user's own text, run by `sh -c`. Nothing is put into it. */
  readonly command: string;
  /**
   * The environment to start from, in practice `process.env`; `roleEnvironment` says what of it the command gets.
   * Variables that look like secrets are withheld: what is gated was written by an agent.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the command gets in addition, with its value; secrets may be among it. */
  readonly environment?: RoleEnvironment | undefined;
  /** The git identity for its commits, where the user's variables set none. */
  readonly identity?: () => Promise<GitIdentity>;
  /** @default 30 minutes */
  readonly timeoutMs?: number;
  /** How long a stopped gate may take to end by itself. @default 5000 */
  readonly graceMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const SUMMARY_BYTES = 4096;

/**
 * Runs a command in the scratch checkout and judges by its exit code.
 *
 * Exit 0 is green. 126 and 127 are `broken`: the shell could not run the command, which says nothing about
 * the commit. So is a signal. Everything else is red. stdin is empty, both output streams go to
 * the log file in order, and all processes that the gate leaves behind are ended with it.
 *
 * The command finds `PWT_RUN_ID`, `PWT_GATE_LABEL` and `PWT_GATE_COMMIT` in its environment.
 */
export class CommandGate implements Gate {
  readonly name = 'command';
  readonly #options: CommandGateOptions;

  constructor(options: CommandGateOptions) {
    this.#options = options;
  }

  async run(request: GateRequest): Promise<Verdict> {
    const { command, env, environment, identity, timeoutMs = DEFAULT_TIMEOUT_MS, graceMs } = this.#options;
    throwIfAborted(request.abortSignal);
    const startedAt = performance.now();
    try {
      await mkdir(dirname(request.logFile), { recursive: true, mode: privateModes.folder });
      const result = await runShell(command, {
        cwd: request.workspace.path,
        env: roleEnvironment({
          env,
          role: environment,
          withholdSecrets: true,
          identity: await identity?.(),
          add: {
            PWT_RUN_ID: request.runId,
            PWT_GATE_LABEL: subjectName(request.subject),
            PWT_GATE_COMMIT: request.commit,
          },
        }),
        stdoutFile: request.logFile,
        stderrFile: request.logFile,
        timeoutMs,
        maxOutputBytes: SUMMARY_BYTES,
        ...defined({ graceMs, abortSignal: request.abortSignal }),
      });
      if (result.aborted) throwIfAborted(request.abortSignal);
      return toVerdict(result, request.logFile);
    } catch (error) {
      const durationMs = performance.now() - startedAt;
      if (hasCode(error, 'PWT_ABORTED')) throw error;
      if (isPwtError(error) || isSystemError(error)) {
        return { status: 'broken', durationMs, message: `The gate could not be started: ${error.message}` };
      }
      throw error;
    }
  }
}

function toVerdict(result: RunResult, logFile: string): Verdict {
  const { durationMs, exitCode, signal } = result;
  const summary = result.stdoutTail.trimEnd();
  if (result.timedOut) return { status: 'timed-out', durationMs, summary };
  if (exitCode === 0) return { status: 'green', durationMs };
  if (exitCode === null) {
    return {
      status: 'broken',
      durationMs,
      message: `The gate was ended by ${signal ?? 'the system'}. Log: ${logFile}`,
    };
  }
  if (exitCode === 126 || exitCode === 127) {
    const why = exitCode === 127 ? 'a command was not found' : 'a command is not executable';
    return { status: 'broken', durationMs, message: `The gate ended with ${exitCode} (${why}): ${summary}` };
  }
  return { status: 'red', durationMs, exitCode, summary };
}

/** Disk full, no permission for the log file. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
