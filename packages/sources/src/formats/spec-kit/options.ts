import { PwtError } from '@pwt/core';

/** @throws PwtError `PWT_PLUGIN_OPTIONS` */
export function readOptions(options: unknown): { readonly folders?: readonly string[] } {
  if (options === undefined || options === null) return {};
  const { folders, ...unknown } = Object(options) as { folders?: unknown };
  const known = Object.keys(unknown).length === 0;
  if (known && folders === undefined) return {};
  const isList =
    Array.isArray(folders) && folders.every((entry) => typeof entry === 'string' && inside(entry));
  if (known && isList) return { folders };
  throw new PwtError(
    'PWT_PLUGIN_OPTIONS',
    '@pwt/plugin-spec-kit takes only "folders", a list of folders of the repository.',
    {
      hint: 'For example: ["@pwt/plugin-spec-kit", {"folders": ["specs"]}]',
    },
  );
}

function inside(folder: string): boolean {
  return folder !== '' && !folder.startsWith('/') && !folder.split(/[\\/]/).includes('..');
}
