import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matches, tryParsePattern } from '@pwt/scope';

/**
 * @typedef {object} ReplayTask
 * @property {string} id
 * @property {string} specPath
 * @property {string} text What the spec says.
 * @property {readonly string[]} tree The paths that were tracked when the task began.
 * @property {ReadonlySet<string>} changed The files that it really changed.
 *
 * @typedef {object} Corpus
 * @property {string} name
 * @property {readonly ReplayTask[]} tasks
 * @property {(path: string) => boolean} isBookkeeping Whether any task may change this file; it counts neither as a claim nor as truth.
 *
 * @typedef {object} TruthEntry An element of `truth.json`, see the README.
 * @property {string} corpus
 * @property {string} id
 * @property {string} spec_path
 * @property {string} spec_text_file
 * @property {string} tracked_file
 * @property {readonly string[]} changed_files
 * @property {readonly string[]} [bookkeeping]
 * @property {boolean} [outlier]
 */

/**
 * Reads the corpora of a directory with a `truth.json`; outliers are left out, and so is bookkeeping among the
 * changed files.
 *
 * @param {string} directory
 * @param {Readonly<Record<string, readonly string[]>>} [bookkeeping] By the name of a corpus: files or patterns, beside those that its tasks name.
 * @returns {Corpus[]} in the order of their names
 */
export function readCorpora(directory, bookkeeping = {}) {
  const read = (/** @type {string} */ file) => readFileSync(join(directory, file), 'utf8');
  const entries = /** @type {TruthEntry[]} */ (JSON.parse(read('truth.json'))).filter(
    ({ outlier }) => !outlier,
  );
  /** @type {Map<string, readonly string[]>} */
  const trees = new Map();
  const treeOf = (/** @type {string} */ file) => {
    const tree = trees.get(file) ?? read(file).split('\n').filter(Boolean);
    trees.set(file, tree);
    return tree;
  };
  return [...new Set(entries.map(({ corpus }) => corpus))].sort().map((name) => {
    const own = entries.filter(({ corpus }) => corpus === name);
    const isBookkeeping = matcherOf([
      ...(bookkeeping[name] ?? []),
      ...own.flatMap((entry) => entry.bookkeeping ?? []),
    ]);
    return {
      name,
      isBookkeeping,
      tasks: own.map((entry) => ({
        id: entry.id,
        specPath: entry.spec_path,
        text: read(entry.spec_text_file),
        tree: treeOf(entry.tracked_file),
        changed: new Set(entry.changed_files.filter((path) => !isBookkeeping(path))),
      })),
    };
  });
}

/**
 * Whether a path is in a list of files and patterns. An entry counts as both: `a/[id].md` is that file, too.
 *
 * @param {readonly string[]} entries
 * @returns {(path: string) => boolean}
 */
function matcherOf(entries) {
  const files = new Set(entries);
  const patterns = [...files].map(tryParsePattern).flatMap((parsed) => (parsed.ok ? [parsed.pattern] : []));
  return (path) => files.has(path) || matches(patterns, path);
}
