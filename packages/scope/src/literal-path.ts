import { parsePattern } from './parse.js';

const SPECIAL = /[*?[\]{}\\!,]|\/$|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/;

const WILD = /^[^\\[]*[*?]/;

/**
 * The one path that a pattern matches; `undefined` if it has wildcards or subtracts. Most claims are plain
 * paths, for which nothing is parsed.
 */
export function literalPath(pattern: string): string | undefined {
  if (!SPECIAL.test(pattern)) return pattern;
  if (pattern.startsWith('!') || WILD.test(pattern)) return undefined;
  const { alternatives } = parsePattern(pattern);
  return alternatives.length === 1 ? alternatives[0]?.literal : undefined;
}
