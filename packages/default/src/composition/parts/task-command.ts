import { defined, hasCode, PwtError } from '@pwt/core';
import { runCommand } from '@pwt/process';
import type { SourceCommand } from '@pwt/sources';
import type { Project } from '../../project/project.js';

/** How long a command may take that prints tasks, and how much it may print. */
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 20_000_000;
/** So much of what a failed one has printed is told. */
const TOLD = 500;

export interface TaskCommandLimits {
  readonly abortSignal?: AbortSignal | undefined;
  /** @default 20 MB */
  readonly maxBytes?: number;
}

/**
 * Runs a command that prints tasks, in the root of the checkout and in the user's environment: it is the user's own, such as
 * `gh`, with the user's login.
 *
 * @throws PwtError `PWT_TASK_COMMAND_FAILED`
 */
export async function runTaskCommand(
  { root, env }: Pick<Project, 'root' | 'env'>,
  words: SourceCommand,
  { abortSignal, maxBytes = MAX_BYTES }: TaskCommandLimits = {},
): Promise<string> {
  const [command = '', ...args] = words;
  const failed = (why: string, cause?: unknown) =>
    new PwtError('PWT_TASK_COMMAND_FAILED', `The command that prints the tasks ${why}`, {
      hint: `Try it by hand, in ${root}: ${words.map(quoted).join(' ')}`,
      data: { command: words },
      ...defined({ cause }),
    });
  const result = await runCommand({
    command,
    args,
    cwd: root,
    env: {
      ...Object.fromEntries(
        Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      ...{ GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_PROMPT: '1', NO_COLOR: '1' },
    },
    stdin: 'ignore',
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: maxBytes,
    ...defined({ abortSignal }),
  }).catch((error: unknown) => {
    if (hasCode(error, 'PWT_COMMAND_NOT_FOUND')) throw failed(`is not there: ${command}`, error);
    throw error;
  });
  const { exitCode, stdoutTail, stderrTail, timedOut } = result;
  if (timedOut) throw failed(`has taken more than ${TIMEOUT_MS / 1000} seconds.`);
  if (exitCode !== 0) {
    const said = (stderrTail.trim() || stdoutTail.trim()).slice(-TOLD);
    throw failed(`has failed (exit code ${exitCode ?? 'none'}): ${said || 'it has printed nothing'}`);
  }
  if (Buffer.byteLength(stdoutTail) >= maxBytes - 4)
    throw failed(`has printed more than ${maxBytes / 1_000_000} MB.`);
  return stdoutTail;
}

/** A word as a shell would take it, for a person to paste. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
