// One cold plan in a process of its own; prints its row as JSON. The argument says what is at hand: claims, or texts.

import { performance } from 'node:perf_hooks';
import { ClaimIndex } from '@pwt/scope';
import { analyseClaims, buildTasks, RegexSpecSeparator, specPathOf } from '@pwt/separator';
import { timeMs } from '../../lib/measure.mjs';
import { claimsOf, projectPaths, specPatterns, specText } from '../../lib/project.mjs';

const from = process.argv[2];
const tree = { paths: projectPaths(100_000).sort() };
const patterns = specPatterns({ specs: 10_000, patternsPerSpec: 8, paths: tree.paths });
const edited = patterns[4_999] ?? [];

const startedMs = performance.now();
const read =
  from === 'texts' ? readSpecs(patterns) : patterns.map((own, at) => claimsOf(String(at + 1), own));
const readMs = performance.now() - startedMs;
const analysis = analyseClaims({ claims: read, tree });
const totalMs = performance.now() - startedMs;
if (Object.keys(analysis.taskFileMap).length !== patterns.length) throw new Error('A task is missing.');

const index = new ClaimIndex();
for (const { taskId, claims } of read) index.add(taskId, claims);
index.conflictsWith(read[0]?.claims ?? []);
const editMs = timeMs(() => {
  const [own] = from === 'texts' ? readSpecs([edited.slice(1)]) : [claimsOf('5000', edited.slice(1))];
  index.remove('5000');
  index.add('5000', own?.claims ?? []);
  index.conflictsWith(own?.claims ?? [], { except: '5000' });
});

console.log(
  JSON.stringify({
    from: from === 'texts' ? 'spec texts' : 'claims',
    'read the specs': from === 'texts' ? readMs : undefined,
    'tree, index, plan': totalMs - readMs,
    'all of it': totalMs,
    memory: process.resourceUsage().maxRSS / 1024,
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
  return new RegexSpecSeparator().separateNow({ tasks: buildTasks(texts).tasks, tree }).claims;
}
