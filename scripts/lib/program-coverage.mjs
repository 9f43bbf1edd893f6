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
  const scripts = [...runsByScript(directory, root)].map(([path, runs]) => positionsThatRan(path, runs));
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
 * @param {readonly ScriptCoverage[]} runs
 * @returns {Map<string, {column: number, ran: boolean}[]>}
 */
function positionsThatRan(path, runs) {
  const code = readFileSync(path, 'utf8');
  const ran = offsetsThatRan(code.length, runs);
  const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
  /** @type {Map<string, {column: number, ran: boolean}[]>} */
  const positions = new Map();
  eachMapping(new TraceMap(readJson(`${path}.map`)), (mapping) => {
    if (mapping.source === null) return;
    const offset = (lineStarts[mapping.generatedLine - 1] ?? 0) + mapping.generatedColumn;
    const key = `${resolve(dirname(path), mapping.source)}:${mapping.originalLine}`;
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
 * @param {string} directory
 * @param {string} root
 * @returns {Map<string, ScriptCoverage[]>} by path, one entry for each process that loaded the script
 */
function runsByScript(directory, root) {
  /** @type {Map<string, ScriptCoverage[]>} */
  const runs = new Map();
  for (const file of existsSync(directory) ? readdirSync(directory) : []) {
    const scripts = scriptsIn(join(directory, file));
    for (const script of scripts.filter(({ url }) => url.startsWith('file:'))) {
      const path = fileURLToPath(script.url);
      if (!path.startsWith(`${root}/packages/`) || !existsSync(`${path}.map`)) continue;
      runs.set(path, [...(runs.get(path) ?? []), script]);
    }
  }
  return runs;
}

/**
 * @param {number} length
 * @param {readonly ScriptCoverage[]} runs
 * @returns {Uint8Array} 1 at each offset that ran in any of the runs
 */
function offsetsThatRan(length, runs) {
  const ran = new Uint8Array(length);
  for (const { functions } of runs) {
    const one = new Uint8Array(length);
    const ranges = functions.flatMap((each) => each.ranges);
    ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
    for (const { startOffset, endOffset, count } of ranges)
      one.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    for (let offset = 0; offset < length; offset += 1) ran[offset] ||= one[offset] ?? 0;
  }
  return ran;
}
