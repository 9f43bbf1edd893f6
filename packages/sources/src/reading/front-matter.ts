import { parseDocument } from 'yaml';
import { type Fields, isFields } from './fields.js';

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*\r?$/m;
/** More of it is not read. */
const LONGEST = 100_000;

/**
 * The YAML front matter of a text, as far as it can be read: a line that is no YAML, such as `assignee: @ann`, hides no
 * other. `undefined` if there is none.
 */
export function readFrontMatter(text: string): Fields | undefined {
  if (!/^\uFEFF?---/.test(text)) return undefined;
  const [, source] = FRONT_MATTER.exec(text.slice(0, LONGEST)) ?? [];
  return source === undefined ? undefined : readYaml(source);
}

/** A YAML text that is a map, as far as it can be read. */
export function readYaml(source: string): Fields {
  const document = parseDocument(source, { strict: false, uniqueKeys: false, logLevel: 'silent' });
  // A document with errors has the values that were read in spite of them.
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return isFields(value) ? value : {};
}
