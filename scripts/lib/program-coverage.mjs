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

/**
 * Tells which lines of the sources ran in the programs that the tests started: built files, led back to their
 * sources by their source maps.
 *
 * @param {string} directory A folder that was `NODE_V8_COVERAGE` of these programs.
 * @returns {(path: string, line: number) => boolean}
 */
export function linesRunInPrograms(directory) {
  /** @type {Map<string, Set<number>>} */
  const lines = new Map();
  for (const [path, runs] of runsByScript(directory)) {
    const code = readFileSync(path, 'utf8');
    const ran = offsetsThatRan(code.length, runs);
    const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
    eachMapping(new TraceMap(readJson(`${path}.map`)), (mapping) => {
      const offset = (lineStarts[mapping.generatedLine - 1] ?? 0) + mapping.generatedColumn;
      if (mapping.source === null || ran[offset] !== 1) return;
      const source = resolve(dirname(path), mapping.source);
      lines.set(source, (lines.get(source) ?? new Set()).add(mapping.originalLine));
    });
  }
  return (path, line) => lines.get(path)?.has(line) === true;
}

/**
 * @param {string} directory
 * @returns {Map<string, ScriptCoverage[]>} by path, one entry for each process that loaded the script
 */
function runsByScript(directory) {
  /** @type {Map<string, ScriptCoverage[]>} */
  const runs = new Map();
  for (const file of existsSync(directory) ? readdirSync(directory) : []) {
    /** @type {ScriptCoverage[]} */
    const scripts = readJson(join(directory, file)).result;
    for (const script of scripts.filter(({ url }) => url.startsWith('file:'))) {
      const path = fileURLToPath(script.url);
      if (!path.startsWith(`${ROOT}/packages/`) || !existsSync(`${path}.map`)) continue;
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
