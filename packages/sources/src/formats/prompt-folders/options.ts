import { PwtError } from '@pwt/core';

/** @throws PwtError `PWT_PLUGIN_OPTIONS` */
export function readOptions(options: unknown): { readonly folders?: readonly string[] } {
  if (options === undefined || options === null) return {};
  const { folders, ...unknown } = Object(options) as { folders?: unknown };
  const known = Object.keys(unknown).length === 0;
  if (known && folders === undefined) return {};
  if (known && Array.isArray(folders) && folders.every(isInside)) return { folders };
  throw new PwtError(
    'PWT_PLUGIN_OPTIONS',
    '@pwt/plugin-prompt-folders takes only "folders", a list of folders of the repository.',
    { hint: 'For example: ["@pwt/plugin-prompt-folders", {"folders": ["tasks"]}]' },
  );
}

function isInside(folder: unknown): folder is string {
  return (
    typeof folder === 'string' &&
    folder !== '' &&
    !folder.startsWith('/') &&
    !folder.split(/[\\/]/).includes('..')
  );
}
