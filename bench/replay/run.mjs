// `node bench/replay/run.mjs [folder] [--instances 4,8,16] [--repeats 20] [--scheduler module] [--hidden 0.6] [--json]`

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tableLines } from '../lib/table.mjs';
import { readCorpora } from './corpus.mjs';
import { replay } from './replay.mjs';
import { loadScheduler } from './scheduler.mjs';
import { syntheticCorpus } from './synthetic.mjs';
import { replayTable } from './table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    instances: { type: 'string', default: '4,8,16' },
    repeats: { type: 'string', default: '20' },
    scheduler: { type: 'string' },
    hidden: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [folder] = positionals;
const options = {
  Scheduler: await loadScheduler(values.scheduler && resolve(values.scheduler)),
  instances: values.instances.split(',').map(Number),
  repeats: Number(values.repeats),
  ...(values.hidden === undefined ? {} : { hidden: Number(values.hidden) }),
};
const corpora = folder === undefined ? [syntheticCorpus()] : readCorpora(folder);
for (const corpus of corpora) {
  const rows = replay(corpus, options);
  if (values.json) console.log(JSON.stringify({ corpus: corpus.name, tasks: corpus.tasks.length, rows }));
  else console.log(tableLines(replayTable(corpus, rows, options)).join('\n'));
}
