/**
 * The part of Istanbul's format that lines need: where each statement starts, and how often it ran.
 *
 * @typedef {object} FileCoverage
 * @property {string} path
 * @property {Record<string, {start: {line: number, column: number}}>} statementMap
 * @property {Record<string, number>} s
 */

/**
 * @typedef {object} FileLines
 * @property {string} path
 * @property {number} total Lines on which a statement starts.
 * @property {number[]} missed The lines among them that never ran.
 */

/**
 * The lines that ran and those that did not. As in Istanbul, a line counts if a statement starts on it, and it ran
 * if any of these did. `alsoRan` adds statements that ran elsewhere, in the programs that the tests start.
 *
 * @param {Record<string, FileCoverage>} coverage
 * @param {(path: string, start: {line: number, column: number}) => boolean} [alsoRan]
 * @returns {FileLines[]}
 */
export function lineCoverage(coverage, alsoRan = () => false) {
  return Object.values(coverage).map(({ path, statementMap, s }) => {
    /** @type {Map<number, boolean>} */
    const ran = new Map();
    for (const [id, { start }] of Object.entries(statementMap)) {
      const hit = (s[id] ?? 0) > 0 || alsoRan(path, start);
      ran.set(start.line, hit || ran.get(start.line) === true);
    }
    const missed = [...ran].filter(([, hit]) => !hit).map(([line]) => line);
    return { path, total: ran.size, missed: missed.sort((a, b) => a - b) };
  });
}

/**
 * @param {readonly FileLines[]} files
 * @returns {number} the share of lines that ran, in percent
 */
export function percentCovered(files) {
  const total = files.reduce((sum, file) => sum + file.total, 0);
  const missed = files.reduce((sum, file) => sum + file.missed.length, 0);
  return total === 0 ? 100 : (100 * (total - missed)) / total;
}
