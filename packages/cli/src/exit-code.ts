import { isPwtError } from '@pwt/core';

/** What an exit of pwt means. */
export const exitCodes: {
  readonly ok: 0;
  readonly tasksFailed: 1;
  readonly usage: 2;
  readonly environment: 3;
  readonly interrupted: 130;
} = { ok: 0, tasksFailed: 1, usage: 2, environment: 3, interrupted: 130 };

/** The codes, or their beginnings, that mean bad usage or configuration. Everything else is the environment. */
const usageCodes: readonly string[] = [
  'PWT_USAGE',
  'PWT_CONFIG_',
  'PWT_PLUGIN_',
  'PWT_TASK_',
  'PWT_PATTERN_',
  'PWT_TEMPLATE_',
  'PWT_WORKTREE_LOCATION',
  'PWT_AGENT_',
  'PWT_PRESET_',
  'PWT_COMMAND_',
  'PWT_PROMPT_',
  'PWT_TARGET_NOT_FOUND',
  'PWT_NO_RUN',
  'PWT_RUN_UNKNOWN',
  'PWT_BAD_REF_NAME',
];

/** The exit code for something that was thrown. */
export function exitCodeOf(error: unknown): number {
  if (!isPwtError(error)) return exitCodes.environment;
  return usageCodes.some((code) => (code.endsWith('_') ? error.code.startsWith(code) : error.code === code))
    ? exitCodes.usage
    : exitCodes.environment;
}
