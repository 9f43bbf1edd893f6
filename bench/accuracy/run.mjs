// `node bench/accuracy/run.mjs [folder] [--draws 400] [--seed 5] [--bookkeeping file] [--json]`

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { tableLines } from '../lib/table.mjs';
import { readCorpora } from '../replay/corpus.mjs';
import { syntheticCorpus } from '../replay/synthetic.mjs';
import { measureAccuracy } from './accuracy.mjs';
import { accuracyTables } from './tables.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    draws: { type: 'string', default: '400' },
    seed: { type: 'string', default: '5' },
    bookkeeping: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const [folder] = positionals;
const bookkeeping =
  values.bookkeeping === undefined ? {} : JSON.parse(readFileSync(values.bookkeeping, 'utf8'));
const corpora = folder === undefined ? [syntheticCorpus()] : readCorpora(folder, bookkeeping);
const accuracy = measureAccuracy(corpora, {
  draws: Number(values.draws),
  seed: Number(values.seed),
});
if (values.json) console.log(JSON.stringify(accuracy, undefined, 2));
else console.log(accuracyTables(accuracy).flatMap(tableLines).join('\n'));
