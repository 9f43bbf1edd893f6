import { PwtError } from './error.js';

/**
 * The error for a part that broke its contract, with the name of the part.
 *
 * @param part for example `the plugin x`
 * @param what it did, as the end of the sentence: `load() must return tasks`
 */
export function misbehaved(part: string, what: string, data?: Readonly<Record<string, unknown>>): PwtError {
  return new PwtError('PWT_PLUGIN_MISBEHAVED', `${part} broke its contract: ${what}.`, {
    hint: `Report this to the author of ${part}; nothing was changed because of it.`,
    data: { part, ...data },
  });
}
