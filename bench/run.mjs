// `npm run bench [-- names… --json --rounds <n> --specs <folder> --tasks <n>]`

import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks/index.mjs';
import { machine } from './lib/machine.mjs';
import { tableLines } from './lib/table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string' },
    specs: { type: 'string' },
    tasks: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(', ');
  throw new Error(`There is no benchmark ${unknown.join(', ')}; there are: ${names}`);
}
const numberOf = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : Number(text));
const rounds = numberOf(values.rounds);
const tasks = numberOf(values.tasks);
const results = [];
for (const { name, run, onlyByName } of benchmarks) {
  if (positionals.length > 0 ? !positionals.includes(name) : onlyByName) continue;
  const tables = await run({ rounds, specs: values.specs, tasks });
  results.push({ name, tables });
  if (!values.json) console.log([`# ${name}`, ...tables.flatMap(tableLines)].join('\n'));
}
if (values.json) console.log(JSON.stringify({ machine: machine(), benchmarks: results }, undefined, 2));
else console.log(Object.values(machine()).join(' · '));
