/**
 * A block of TypeScript in a Markdown document.
 *
 * @typedef {object} Snippet
 * @property {number} line The line of the document on which the code starts, from 1.
 * @property {string} code
 * @property {string} given What a comment right before the block declares, `<!-- given: declare const root: string; -->`.
 */

/**
 * The blocks of TypeScript in a Markdown document, in order.
 *
 * @param {string} markdown
 * @returns {Snippet[]}
 */
export function snippetsIn(markdown) {
  const blocks = markdown.matchAll(/^(?:<!-- given:([\s\S]*?)-->\n+)?```ts\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ index, 0: block, 1: given = '', 2: code = '' }) => ({
    line: markdown.slice(0, index + block.indexOf('```ts\n')).split('\n').length + 1,
    code,
    given: given.trim(),
  }));
}

/**
 * The module that a snippet is, its code on the same lines as in the document, so that the compiler's line numbers
 * hold. What is given stands on the line before the code, and what a compiler says of it is said of that line.
 *
 * @param {Snippet} snippet
 */
export function moduleOf({ line, code, given }) {
  return `${'\n'.repeat(line - 2)}${given.replaceAll('\n', ' ')}\n${code}export {};\n`;
}
