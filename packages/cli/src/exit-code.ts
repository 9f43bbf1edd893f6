import { isPwtError } from '@pwt/core';
import type { RunResult } from '@pwt/default';

/** What an exit of pwt means. */
export const exitCodes: {
  readonly ok: 0;
  readonly tasksFailed: 1;
  readonly usage: 2;
  readonly environment: 3;
  readonly interrupted: 130;
} = { ok: 0, tasksFailed: 1, usage: 2, environment: 3, interrupted: 130 };

/** Errors about what the user wrote, by the first word of their code. Everything else is the environment. */
const USAGE_FAMILY = /^PWT_(AGENT|COMMAND|CONFIG|PATTERN|PLUGIN|PROMPT|SPEC|TASK|TEMPLATE)_/;

/** Such errors whose code does not tell. */
const usageCodes: ReadonlySet<string> = new Set([
  'PWT_USAGE',
  'PWT_ANSWER_INVALID',
  'PWT_BAD_REF_NAME',
  'PWT_CODE_NOT_APPROVED',
  'PWT_NO_QUESTION',
  'PWT_NO_RUN',
  'PWT_RESTORE_OCCUPIED',
  'PWT_RUN_UNKNOWN',
  'PWT_SNAPSHOT_UNKNOWN',
  'PWT_TARGET_NOT_FOUND',
  'PWT_WORKTREE_LOCATION',
]);

/** The exit code for something that was thrown. */
export function exitCodeOf(error: unknown): number {
  if (!isPwtError(error)) return exitCodes.environment;
  const isUsage = usageCodes.has(error.code) || USAGE_FAMILY.test(error.code);
  return isUsage ? exitCodes.usage : exitCodes.environment;
}

/** The exit code for what a run has come to. */
export function exitCodeOfResult({
  interrupted,
  halted,
  success,
}: Pick<RunResult, 'interrupted' | 'halted' | 'success'>): number {
  if (interrupted && halted === undefined) return exitCodes.interrupted;
  return success ? exitCodes.ok : exitCodes.tasksFailed;
}
