// Who may integrate the work of a task, in docs/model: with its fence nothing goes wrong, and without any part of it something does.
// `npm run model [-- --samples <n> --seed <hex>]`; `--traces <n> [--into <folder>]` writes the traces that the replay goes through.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseTraces } from '../lib/choose-traces.mjs';
import { conclude } from '../lib/problems.mjs';
import { quint, sample, traces } from '../lib/quint.mjs';
import { ROOT } from '../lib/workspace.mjs';

const STEPS = 45;
const INVARIANTS = ['integratedOnce', 'integratedIsGranted', 'pushedIsNeverLost', 'workIsKept'];
const REACHED = ['allIntegrated', 'hasLateWork', 'hasSecondAttempt'];
/** Which promise falls first with each part of the fence. */
const WITHOUT = {
  unfenced: 'integratedOnce',
  without_tombstone: 'pushedIsNeverLost',
  without_create_only: 'workIsKept',
  without_granted_only: 'integratedOnce',
};

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '0x5eed' },
    traces: { type: 'string' },
    into: { type: 'string', default: join(ROOT, 'docs/model/traces') },
  },
});
const samples = Number(values.samples);
const { seed } = values;

if (values.traces === undefined) await check();
else await writeTraces(Number(values.traces));

async function check() {
  const problems = [];
  const types = await quint('typecheck');
  if (types.exitCode !== 0) problems.push(types.output);
  const request = { samples, steps: STEPS, seed };
  const fenced = await sample({ ...request, module: 'fenced', invariant: 'safe', witnesses: REACHED });
  if (fenced.broken) problems.push(`fenced: ${fenced.output}`);
  for (const name of REACHED)
    if (!fenced.seen[name]) problems.push(`fenced: no sample has reached ${name}: the model says nothing`);
  console.log(
    `with the fence: ${samples} samples in ${Math.round(fenced.durationMs / 1000)} s: ${told(fenced)}`,
  );
  const few = Math.min(samples, 300);
  for (const [module, promise] of Object.entries(WITHOUT)) {
    const witnesses = INVARIANTS.map((name) => `not(${name})`);
    const result = await sample({ ...request, samples: few, module, witnesses });
    console.log(`${module}: ${few} samples: ${told(result)}`);
    if (!result.seen[`not(${promise})`])
      problems.push(`${module}: ${promise} held in all of ${few} samples: ${result.output}`);
  }
  conclude(problems, `the model, in ${samples} samples`);
}

/** @param {{seen: Record<string, number>}} result */
function told({ seen }) {
  return Object.entries(seen)
    .map(([name, count]) => `${name} in ${count}`)
    .join(', ');
}

/** @param {number} count */
async function writeTraces(count) {
  const chosen = chooseTraces(await traces({ count: count * 10, steps: STEPS, seed }), count);
  rmSync(values.into, { recursive: true, force: true });
  mkdirSync(values.into);
  for (const [at, trace] of chosen.entries()) {
    const name = `${String(at + 1).padStart(2, '0')}.jsonl`;
    writeFileSync(join(values.into, name), trace.steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
  }
  console.log(`${chosen.length} traces in ${values.into}`);
}
