import { expand, FileTree, matches, parsePattern } from '@pwt/scope';

/**
 * The patterns of the claims that count as predictions: those that say that the task changes something, `declared`
 * or `inferred`. Reads and merely possible claims say no such thing; nor does the claim to everything of a task
 * about which nothing is known, which therefore predicts nothing.
 *
 * @param {readonly import('@pwt/core').Claim[]} claims
 * @returns {string[]}
 */
export function predictedPatterns(claims) {
  return claims
    .filter(
      ({ mode, confidence, rule }) =>
        mode !== 'read' && confidence !== 'possible' && rule !== 'unknown-scope',
    )
    .map(({ pattern }) => pattern);
}

/**
 * @typedef {object} Expansion
 * @property {ReadonlySet<string>} files
 * @property {(path: string) => boolean} mayMatch Whether a pattern with wildcards, or a directory, matches a path, whether or not it exists.
 */

/**
 * The files that patterns stand for. A plain path stands for itself, whether or not it exists, or for all that is
 * below it if it is a directory; another pattern for the files that it matches, or, if there are none, for its own
 * text, so that it counts as one file that was not changed.
 *
 * @param {readonly string[]} patterns
 * @param {readonly string[]} paths All that exist.
 * @returns {Expansion}
 */
export function expandPredictions(patterns, paths) {
  const tree = FileTree.from(paths);
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'));
  /** @type {Set<string>} */
  const files = new Set();
  /** @type {(readonly string[])[]} */
  const wide = [];
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) continue;
    const path = literalOf(pattern);
    if (path !== undefined && !tree.hasDirectory(path)) {
      files.add(path);
      continue;
    }
    const list = [path === undefined ? pattern : `${pattern}/`, ...excluded];
    wide.push(list);
    const found = expand(list, tree);
    for (const file of found.length > 0 ? found : [pattern]) files.add(file);
  }
  return { files, mayMatch: (path) => wide.some((list) => matches(list, path)) };
}

/**
 * @param {string} pattern
 * @returns {string | undefined} the only path that it matches
 */
function literalOf(pattern) {
  const { alternatives } = parsePattern(pattern);
  return alternatives.length === 1 ? alternatives[0]?.literal : undefined;
}
