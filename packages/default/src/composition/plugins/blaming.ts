import { isPwtError, PwtError } from '@pwt/core';

/**
 * Lets a plugin do something. What it throws on purpose (a `PwtError`) is handed on.
 *
 * @param doing as the end of a sentence: `in load()`
 * @throws PwtError `PWT_PLUGIN_FAILED` for anything else, so that it is not taken for a mistake in pwt
 */
export async function blaming<T>(name: string, doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (isPwtError(cause)) throw cause;
    const [message, stack] =
      cause instanceof Error ? [cause.message, cause.stack] : [String(cause), undefined];
    throw new PwtError('PWT_PLUGIN_FAILED', `${capitalised(name)} failed ${doing}: ${message}`, {
      hint: 'Correct the plugin, or take it out of `plugins` in the configuration.',
      data: { plugin: name, stack },
      cause,
    });
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
