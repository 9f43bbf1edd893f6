import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dependencyClosure } from './dependencies.mjs';
import { planLines, planOf } from './plan.mjs';

const specs = readdirSync(new URL('specs/', import.meta.url)).map((name) => ({
  path: `specs/${name}`,
  text: readFileSync(new URL(`specs/${name}`, import.meta.url), 'utf8'),
}));
const plan = planOf(specs, ['src/login.ts', 'src/search/index.ts', 'src/search/rank.ts', 'src/session.ts']);
console.log(planLines(plan).join('\n'));

assert.deepEqual(plan.taskFileMap, {
  20: ['src/login.ts', 'src/session.ts'],
  21: ['src/session.ts'],
  22: ['src/search/index.ts', 'src/search/rank.ts'],
  23: ['src/search/index.ts', 'src/search/rank.ts'],
});
assert.deepEqual(
  plan.conflicts.map(({ tasks, paths }) => ({ tasks, paths })),
  [
    { tasks: ['20', '21'], paths: ['src/session.ts'] },
    { tasks: ['22', '23'], paths: ['src/search/index.ts', 'src/search/rank.ts'] },
  ],
);
assert.deepEqual(plan.independentPairs, [
  ['20', '22'],
  ['20', '23'],
  ['21', '22'],
  ['21', '23'],
]);

const containers = ['tsyringe', 'reflect-metadata', 'inversify', 'awilix'];
const git = ['@pwt/git', 'isomorphic-git', 'simple-git'];
const processes = ['@pwt/process', 'execa', 'cross-spawn'];
const closure = dependencyClosure('@pwt/separator', import.meta.dirname);
const unwanted = [...containers, ...git, ...processes].filter((name) => closure.has(name));
assert.deepEqual(unwanted, [], '@pwt/separator pulls in no container, no git and no process package');
console.log(`\n@pwt/separator installs: ${[...closure].sort().join(', ')}`);
