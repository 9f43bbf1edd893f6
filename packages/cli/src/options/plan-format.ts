import type { FlagValues } from './config-flags.js';
import { usageError } from './usage.js';

export type PlanFormat = 'text' | 'json' | 'mermaid' | 'html';

/** What a plan can be printed as, and what help says about it. */
const planFormats: Readonly<Record<PlanFormat, string>> = {
  text: '',
  json: '',
  mermaid: 'graph and gantt in Markdown',
  html: 'one page',
};

/** The names of all formats. */
export const planFormatNames = Object.keys(planFormats) as readonly PlanFormat[];

/** For help: `text, json, mermaid (graph and gantt in Markdown) or html (one page).` */
export function planFormatsText(): string {
  const told = planFormatNames.map((name) =>
    planFormats[name] === '' ? name : `${name} (${planFormats[name]})`,
  );
  return `${told.slice(0, -1).join(', ')} or ${told.at(-1)}.`;
}

/**
 * The format that the flags ask for; `--json` is short for `--format json`.
 *
 * @throws PwtError `PWT_USAGE`
 */
export function planFormat(flags: FlagValues, json: boolean): PlanFormat {
  const { format } = flags;
  if (format === undefined) return json ? 'json' : 'text';
  const found = planFormatNames.find((name) => name === format);
  if (!found)
    throw usageError(`--format is one of ${planFormatNames.join(', ')}, not ${JSON.stringify(format)}.`);
  if (json && found !== 'json') throw usageError(`--json and --format ${found} contradict each other.`);
  return found;
}
