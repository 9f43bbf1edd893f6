// One cold plan in a process of its own; prints its row as JSON. The argument says what is at hand: claims, or texts.

import { performance } from 'node:perf_hooks';
import { planSchedule } from '@pwt/coordinator';
import { ClaimIndex } from '@pwt/scope';
import { analyseClaims, buildTasks, RegexSpecSeparator, specPathOf } from '@pwt/separator';
import { timeMs } from '../../lib/measure.mjs';
import { claimsOf, projectPaths, specPatterns, specText } from '../../lib/project.mjs';

const from = process.argv[2];
const tree = { paths: projectPaths(100_000).sort() };
const patterns = specPatterns({ specs: 10_000, patternsPerSpec: 8, paths: tree.paths });
const edited = patterns[4_999] ?? [];

const startedMs = performance.now();
const { tasks, claims } = from === 'texts' ? readSpecs(patterns) : knownClaims(patterns);
const readMs = performance.now() - startedMs;
const analysis = analyseClaims({ claims, tree });
const analysedMs = performance.now() - startedMs;
const schedule = planSchedule({ tasks, claims, maxInstances: 8, separation: 'balanced' });
const totalMs = performance.now() - startedMs;
if (Object.keys(analysis.taskFileMap).length !== patterns.length) throw new Error('A task is missing.');
if (schedule.order.length !== patterns.length) throw new Error('A task is not scheduled.');
const memoryMB = process.resourceUsage().maxRSS / 1024;

const index = new ClaimIndex();
for (const { taskId, claims: own } of claims) index.add(taskId, own);
index.conflictsWith(claims[0]?.claims ?? []);
const editMs = timeMs(() => {
  const [own] = (from === 'texts' ? readSpecs : knownClaims)([edited.slice(1)]).claims;
  index.remove('5000');
  index.add('5000', own?.claims ?? []);
  index.conflictsWith(own?.claims ?? [], { except: '5000' });
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
 * @param {readonly string[][]} specs
 */
function readSpecs(specs) {
  const texts = specs.flatMap((own, at) => {
    const spec = specPathOf(`specs/SPEC-${at + 1}-task.md`);
    return spec ? [{ ...spec, text: specText(at + 1, own) }] : [];
  });
  const { tasks } = buildTasks(texts);
  return { tasks, claims: new RegexSpecSeparator().separateNow({ tasks, tree }).claims };
}

/**
 * What another separator has found.
 *
 * @param {readonly string[][]} specs
 */
function knownClaims(specs) {
  const claims = specs.map((own, at) => claimsOf(String(at + 1), own));
  const tasks = claims.map(({ taskId }) => ({ id: taskId, title: taskId, specs: [], dependsOn: [] }));
  return { tasks, claims };
}
