import type { Reference } from '../../config/setting.js';

/** Formats that a checkout has tasks in and that are not switched on. */
export interface MissingFormats {
  /** A file of each, relative to the root. */
  readonly files: readonly string[];
  /** What `formats` would have to be. */
  readonly formats: readonly Reference[];
}

/** Looks for tasks in the formats that `formats` does not name. `undefined` if there are none. */
export async function missingFormats(
  root: string,
  formats: readonly Reference[],
): Promise<MissingFormats | undefined> {
  const { detectFormats } = await import('@pwt/sources');
  const on = new Set(formats.map((reference) => (typeof reference === 'string' ? reference : reference[0])));
  const missing = (await detectFormats(root)).filter(({ name }) => !on.has(name));
  if (missing.length === 0) return undefined;
  const added = missing.map(({ name, options }): Reference => (options ? [name, options] : name));
  return { files: missing.map(({ path }) => path), formats: [...formats, ...added] };
}

/** `a is there`, `a, b and c are there`. */
export function areThere(files: readonly string[]): string {
  const [last = '', ...others] = files.toReversed();
  return others.length === 0 ? `${last} is there` : `${others.reverse().join(', ')} and ${last} are there`;
}
