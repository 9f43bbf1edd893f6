import type { FlagValues } from './config-flags.js';
import { usageError } from './usage.js';

/** What a plan can be printed as. */
export const planFormats = ['text', 'json', 'mermaid', 'html'] as const;

export type PlanFormat = (typeof planFormats)[number];

/**
 * The format that the flags ask for; `--json` is short for `--format json`.
 *
 * @throws PwtError `PWT_USAGE`
 */
export function planFormat(flags: FlagValues, json: boolean): PlanFormat {
  const { format } = flags;
  if (format === undefined) return json ? 'json' : 'text';
  const found = planFormats.find((name) => name === format);
  if (!found)
    throw usageError(`--format is one of ${planFormats.join(', ')}, not ${JSON.stringify(format)}.`);
  if (json && found !== 'json') throw usageError(`--json and --format ${found} contradict each other.`);
  return found;
}
