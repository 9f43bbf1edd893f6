import { PwtError } from '@pwt/core';

/** What a user may write beside the plugin's name. */
export interface WrittenOptions {
  /** Where clones go, relative to the checkout; it must be outside of it. @default '..' */
  readonly directory?: string;
}

/** @throws PwtError `PWT_PLUGIN_OPTIONS` naming what is wrong */
export function readOptions(options: unknown): WrittenOptions {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object') throw invalid('its options must be an object');
  const unknown = Object.keys(options).filter((key) => key !== 'directory');
  if (unknown.length > 0) throw invalid(`there is no option ${unknown.join(', ')}`);
  const { directory } = options as { directory?: unknown };
  if (directory === undefined) return {};
  if (typeof directory !== 'string' || directory === '') throw invalid('"directory" must be a path');
  return { directory };
}

function invalid(what: string): PwtError {
  return new PwtError('PWT_PLUGIN_OPTIONS', `@pwt/plugin-workspace-clone: ${what}.`, {
    hint: 'Write ["@pwt/plugin-workspace-clone", {"directory": ".."}] in the configuration.',
  });
}
