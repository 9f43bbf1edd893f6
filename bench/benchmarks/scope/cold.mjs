// One cold plan in a process of its own; prints its row as JSON. The arguments: what is at hand, claims or texts, and a
// file with the input, so that making it up is no part of what is measured.

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { analyseClaims, ClaimTable } from '@pwt/claims';
import { planSchedule } from '@pwt/planner';
import { FileTree } from '@pwt/scope';
import { buildTasks, RegexSpecSeparator, specPathOf } from '@pwt/separator';
import { timeMs } from '../../lib/measure.mjs';

const [from, inputFile = ''] = process.argv.slice(2);
/** @type {import('./input.mjs').ColdInput} */
const { paths, specs, edited } = JSON.parse(readFileSync(inputFile, 'utf8'));
const count = specs.length;

const startedMs = performance.now();
const tree = FileTree.from(paths);
const { tasks, claims } = from === 'texts' ? readSpecs(specs) : knownClaims(specs);
const readMs = performance.now() - startedMs;
const table = ClaimTable.of(claims);
const analysis = analyseClaims({ claims, table, tree });
const analysedMs = performance.now() - startedMs;
const schedule = planSchedule({ tasks, claims, table, maxInstances: 8, separation: 'balanced' });
const totalMs = performance.now() - startedMs;
if (Object.keys(analysis.taskFileMap).length !== count) throw new Error('A task is missing.');
if (schedule.order.length !== count) throw new Error('A task is not scheduled.');
const memoryMB = process.resourceUsage().maxRSS / 1024;

table.conflictsWith(claims[0]?.claims ?? []);
const editMs = timeMs(() => {
  const [own] = (from === 'texts' ? readSpecs : knownClaims)([edited]).claims;
  table.remove('5000');
  table.add('5000', own?.claims ?? []);
  table.conflictsOf('5000');
});

console.log(
  JSON.stringify({
    from: from === 'texts' ? 'spec texts' : 'claims',
    'read the specs': from === 'texts' ? readMs : undefined,
    'compare them': analysedMs - readMs,
    'order and predict': totalMs - analysedMs,
    'all of it': totalMs,
    memory: memoryMB,
    'one edited spec': editMs,
  }),
);

/**
 * Texts to claims, as for files that were just read.
 *
 * @param {readonly import('./input.mjs').ColdSpec[]} specs
 */
function readSpecs(specs) {
  const texts = specs.flatMap(({ id, text }) => {
    const spec = specPathOf(`specs/SPEC-${id}-task.md`);
    return spec ? [{ ...spec, text }] : [];
  });
  const { tasks } = buildTasks(texts);
  return { tasks, claims: new RegexSpecSeparator().separateNow({ tasks, tree }).claims };
}

/**
 * What another separator has found.
 *
 * @param {readonly import('./input.mjs').ColdSpec[]} specs
 */
function knownClaims(specs) {
  return {
    claims: specs.map(({ claims }) => claims),
    tasks: specs.map(({ id }) => ({ id, title: id, specs: [], dependsOn: [] })),
  };
}
