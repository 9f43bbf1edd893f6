import { flagsOf } from '../fleet/flags.js';
import { gateRequirement, type RunSettings, taskRequirement } from '../run-settings.js';

/** The command that starts a worker which takes the tasks of a run, and its gate. */
export function startCommand(repository: string, settings: RunSettings): string {
  const flags = [
    ...flagsOf(taskRequirement(repository, settings, {})),
    ...(settings.gate === undefined ? [] : flagsOf(gateRequirement(repository, settings))),
  ];
  return ['pwt worker', ...new Set(flags)].join(' ');
}
