import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/**
 * The links of a Markdown document to files of this repository that are not there.
 *
 * @param {{path: string, text: string, root: string}} document `path` is absolute, as `root` is
 * @returns {string[]} the problems, with document and line
 */
export function brokenLinks({ path, text, root }) {
  return text
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .filter(([, target = '']) => !existsSync(resolve(dirname(path), target)))
        .map(([, target]) => `${relative(root, path)}:${at + 1}: there is no ${target}`),
    );
}

/**
 * The files that a document names by their last name alone, in code font (`scheduler.ts`), and that are nowhere.
 *
 * @param {string} text
 * @param {readonly string[]} files paths
 * @returns {string[]} their names
 */
export function unknownFiles(text, files) {
  const known = new Set(files.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  const named = [...text.matchAll(/`([\w.-]+\.(?:ts|mjs))`/g)].map(([, name = '']) => name);
  return [...new Set(named)].filter((name) => !known.has(name));
}
