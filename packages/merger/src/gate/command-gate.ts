import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  defined,
  GATE_NAME,
  type Gate,
  type GateRequest,
  PwtError,
  privateModes,
  subjectName,
  throwIfAborted,
  type Verdict,
} from '@pwt/core';
import { type GitIdentity, type RoleEnvironment, roleEnvironment } from '@pwt/process';
import { writeChangedFiles } from './changed-files.js';
import { fingerprintOf } from './fingerprint.js';
import { gateMark } from './gate-mark.js';
import { type GateCommandRequest, isSystemError, runGateCommand } from './run-gate-command.js';
import { type GateCommand, type GateMode, runParts } from './run-parts.js';
import { joinedVerdict, verdictOf } from './verdict-of.js';

export interface CommandGateOptions {
  /**
   * The user's own text, run by `sh -c`; or several, by name. Nothing is put into them. A name becomes part of a file name: see
   * `GATE_NAME` of `@pwt/core`.
   */
  readonly command: string | Readonly<Record<string, string>>;
  /**
   * How several commands run, all in the same checkout. `sequential`: in their order, up to the first that is not green. `parallel`:
   * side by side, each to its end.
   * @default 'sequential'
   */
  readonly mode?: GateMode;
  /**
   * The environment to start from, in practice `process.env`; `roleEnvironment` says what of it the command gets.
   * Variables that look like secrets are withheld: what is gated was written by an agent.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the command gets in addition, with its value; secrets may be among it. */
  readonly environment?: RoleEnvironment | undefined;
  /** The git identity for its commits, where the user's variables set none. */
  readonly identity?: () => Promise<GitIdentity>;
  /** For all commands together; 0 means no limit. @default 30 minutes */
  readonly timeoutMs?: number;
  /** How long a stopped gate may take to end by itself. @default 5000 */
  readonly graceMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/**
 * Runs one or several commands in the scratch checkout and judges by their exit codes.
 *
 * Exit 0 is green. 126 and 127 are `broken`: the shell could not run the command, which says nothing about
 * the commit. So is a signal from outside (HUP, INT, KILL, TERM). Everything else is red. stdin is empty, both output streams go
 * to the log file in order, and all processes that a command leaves behind are ended with it. Of several commands, each writes to
 * a log of its own beside the log file: `<log file without .log>.<name>.log`.
 *
 * The commands find `PWT_RUN_ID`, `PWT_GATE_LABEL` and `PWT_GATE_COMMIT` in their environment, and, if there is a state that was
 * tested before, `PWT_CHANGED_FILES`: a file outside of the checkout with the paths that differ from it, as
 * `git diff --name-only` prints them.
 *
 * @throws PwtError `PWT_CONFIG_INVALID` from the constructor, for several commands of which one has no valid name, or for none
 */
export class CommandGate implements Gate {
  readonly name = 'command';
  readonly fingerprint: string;
  readonly #options: CommandGateOptions;
  readonly #timeoutMs: number;

  constructor(options: CommandGateOptions) {
    const { command, mode = 'sequential', timeoutMs = DEFAULT_TIMEOUT_MS, environment } = options;
    this.#options = options;
    this.#timeoutMs = timeoutMs;
    const commands = typeof command === 'string' ? [['', command] as const] : named(command);
    const set = environment?.set ?? {};
    this.fingerprint = fingerprintOf({ commands, mode, timeoutMs, env: this.#environment({}), set });
  }

  async run(request: GateRequest): Promise<Verdict> {
    throwIfAborted(request.abortSignal);
    const startedAt = performance.now();
    const { command, mode } = this.#options;
    try {
      await mkdir(dirname(request.logFile), { recursive: true, mode: privateModes.folder });
      const shared = await this.#shared(request);
      const run = (text: string, logFile: string) =>
        runGateCommand({ ...shared, ...this.#left(startedAt), text, logFile });
      if (typeof command === 'string') return verdictOf(await run(command, request.logFile));
      const parts = Object.entries(command).map(([name, text]): GateCommand => {
        const logFile = beside(request.logFile, `.${name}.log`);
        return { name, logFile, run: () => run(text, logFile) };
      });
      const outcomes = await runParts(parts, mode, request.complete);
      return joinedVerdict(outcomes, performance.now() - startedAt);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const durationMs = performance.now() - startedAt;
      return { status: 'broken', durationMs, message: `The gate could not be started: ${error.message}` };
    }
  }

  /** What all commands get. */
  async #shared(request: GateRequest): Promise<Omit<GateCommandRequest, 'text' | 'logFile'>> {
    const { identity, graceMs } = this.#options;
    const { workspace, abortSignal, changedPaths } = request;
    const changedFile = changedPaths && beside(request.logFile, '.changed-files');
    if (changedFile) await writeChangedFiles(changedFile, changedPaths);
    const env = this.#environment(
      {
        PWT_RUN_ID: request.runId,
        PWT_GATE_LABEL: subjectName(request.subject),
        PWT_GATE_COMMIT: request.commit,
        PWT_CHANGED_FILES: changedFile,
      },
      await identity?.(),
    );
    return {
      cwd: workspace.path,
      env,
      sharedMark: gateMark(request.runId),
      ...defined({ graceMs, abortSignal }),
    };
  }

  /** What is left of the time; nothing if it has no limit. */
  #left(startedAt: number): { readonly timeoutMs?: number } {
    if (this.#timeoutMs === 0) return {};
    return { timeoutMs: Math.max(1, this.#timeoutMs - (performance.now() - startedAt)) };
  }

  #environment(
    add: Readonly<Record<string, string | undefined>>,
    identity?: GitIdentity,
  ): Record<string, string> {
    const { env, environment: role } = this.#options;
    return roleEnvironment({ env, role, withholdSecrets: true, identity, add });
  }
}

/** Checked here, too: names become file names, and a gate without a command would be green. */
function named(commands: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const parts = Object.entries(commands);
  const wrong = parts.length === 0 ? 'has no command' : parts.find(([name]) => !GATE_NAME.test(name));
  if (wrong === undefined) return parts;
  const message = typeof wrong === 'string' ? wrong : `has a command with an invalid name: ${wrong[0]}`;
  throw new PwtError('PWT_CONFIG_INVALID', `The gate ${message}.`, {
    hint: 'A name is a letter, then letters, digits, - and _, 40 at most.',
  });
}

/** The path of a file that belongs to the same run of the gate. */
function beside(logFile: string, ending: string): string {
  return `${logFile.replace(/\.log$/, '')}${ending}`;
}
