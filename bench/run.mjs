// `npm run bench [-- names… --json --rounds <n> --specs <folder>]`

import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks/index.mjs';
import { machine } from './lib/machine.mjs';
import { tableLines } from './lib/table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string' }, specs: { type: 'string' } },
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const names = benchmarks.map(({ name }) => name).join(', ');
  throw new Error(`There is no benchmark ${unknown.join(', ')}; there are: ${names}`);
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const results = [];
for (const { name, run } of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const tables = await run({ rounds, specs: values.specs });
  results.push({ name, tables });
  if (!values.json) console.log([`# ${name}`, ...tables.flatMap(tableLines)].join('\n'));
}
if (values.json) console.log(JSON.stringify({ machine: machine(), benchmarks: results }, undefined, 2));
else console.log(Object.values(machine()).join(' · '));
