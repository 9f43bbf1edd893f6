import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import { ROOT, readJson } from './workspace.mjs';

/**
 * What V8 writes per process into `NODE_V8_COVERAGE`. Offsets count UTF-16 units; inner ranges follow outer ones.
 *
 * @typedef {object} ScriptCoverage
 * @property {string} url
 * @property {{ranges: {startOffset: number, endOffset: number, count: number}[]}[]} functions
 */

/** @typedef {{line: number, column: number}} Position Lines count from 1, columns from 0, as in Istanbul. */

/**
 * Tells which statements of the sources ran in the programs that the tests started: built files, led back to their
 * sources by their source maps.
 *
 * @param {string} directory A folder that was `NODE_V8_COVERAGE` of these programs.
 * @param {string} [root] Only built files below its `packages/` count.
 * @returns {(path: string, start: Position) => boolean}
 */
export function statementsRunInPrograms(directory, root = ROOT) {
  const scripts = [...ranByScript(directory, root)].map(([path, ran]) => positionsThatRan(path, ran));
  return (path, { line, column }) =>
    scripts.some((positions) => {
      const onLine = positions.get(`${path}:${line}`) ?? [];
      const after = onLine.filter((position) => position.column >= column);
      const first = Math.min(...after.map((position) => position.column));
      return after.some((position) => position.column === first && position.ran);
    });
}

/**
 * The positions in the sources of one script that its source map names, by path and line.
 *
 * @param {string} path
 * @param {Uint8Array} ran 1 at each offset that ran
 * @returns {Map<string, {column: number, ran: boolean}[]>}
 */
function positionsThatRan(path, ran) {
  const code = readFileSync(path, 'utf8');
  const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  /** @type {Map<string, {column: number, ran: boolean}[]>} */
  const positions = new Map();
  /** @type {Map<string, string>} */
  const sources = new Map();
  eachMapping(new TraceMap(readJson(`${path}.map`)), (mapping) => {
    if (mapping.source === null) return;
    const offset = (lineStarts[mapping.generatedLine - 1] ?? 0) + mapping.generatedColumn;
    const source = sources.get(mapping.source) ?? resolve(dirname(path), mapping.source);
    sources.set(mapping.source, source);
    const key = `${source}:${mapping.originalLine}`;
    const onLine = positions.get(key) ?? [];
    onLine.push({ column: mapping.originalColumn, ran: ran[offset] === 1 });
    positions.set(key, onLine);
  });
  return positions;
}

/**
 * Nothing for a process that was killed while it wrote.
 *
 * @param {string} file
 * @returns {readonly ScriptCoverage[]}
 */
function scriptsIn(file) {
  try {
    return readJson(file).result;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/**
 * Each process is forgotten once it is counted: together they can have written more than there is memory.
 *
 * @param {string} directory
 * @param {string} root
 * @returns {Map<string, Uint8Array>} by path of the script, 1 at each offset that ran in any process
 */
function ranByScript(directory, root) {
  /** @type {Map<string, Uint8Array>} */
  const ranIn = new Map();
  for (const file of existsSync(directory) ? readdirSync(directory) : []) {
    for (const { url, functions } of scriptsIn(join(directory, file))) {
      const path = url.startsWith('file:') ? fileURLToPath(url) : '';
      if (!path.startsWith(`${root}/packages/`)) continue;
      const ran = ranIn.get(path) ?? (existsSync(`${path}.map`) ? new Uint8Array(lengthOf(path)) : undefined);
      if (ran === undefined) continue;
      for (const [from, to] of stretchesThatRan(functions)) ran.fill(1, from, to);
      ranIn.set(path, ran);
    }
  }
  return ranIn;
}

/** @param {string} path */
function lengthOf(path) {
  return readFileSync(path, 'utf8').length;
}

/**
 * What ran of one script in one process: a range counts except where a range inside of it says otherwise.
 *
 * @param {ScriptCoverage['functions']} functions
 * @returns {[from: number, to: number][]}
 */
function stretchesThatRan(functions) {
  const ranges = functions.flatMap((each) => each.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  /** @type {[from: number, to: number][]} */
  const stretches = [];
  /** @type {{endOffset: number, count: number}[]} */
  const around = [];
  let at = 0;
  const reach = (/** @type {number} */ offset) => {
    if (offset > at && (around.at(-1)?.count ?? 0) > 0) stretches.push([at, offset]);
    at = Math.max(at, offset);
  };
  const leaveBefore = (/** @type {number} */ offset) => {
    for (let last = around.at(-1); last && last.endOffset <= offset; last = around.at(-1)) {
      reach(last.endOffset);
      around.pop();
    }
  };
  for (const range of ranges) {
    leaveBefore(range.startOffset);
    reach(range.startOffset);
    around.push(range);
  }
  leaveBefore(Number.POSITIVE_INFINITY);
  return stretches;
}
