import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { againstNaive } from './scope/against-naive.mjs';
import { coldInput } from './scope/input.mjs';
import { oneFile } from './scope/one-file.mjs';

const cold = fileURLToPath(new URL('scope/cold.mjs', import.meta.url));

/** Who may run beside whom, at sizes where it matters how that is found out. @type {import('./index.mjs').Benchmark} */
export const scope = {
  name: 'scope',
  async run({ rounds = 3 }) {
    return [await againstNaive(), coldStart(rounds), await oneFile(rounds)];
  },
};

/**
 * Each round in a process of its own: that is what cold means, and what tells the memory.
 *
 * @param {number} rounds
 * @returns {import('../lib/table.mjs').Table}
 */
function coldStart(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-bench-'));
  const rows = /** @type {const} */ (['claims', 'texts']).flatMap((from) => {
    const input = join(folder, from);
    writeFileSync(input, JSON.stringify(coldInput(from)));
    const runs = Array.from({ length: rounds }, () => {
      const output = execFileSync(process.execPath, [cold, from, input], {
        encoding: 'utf8',
        maxBuffer: 1024 ** 2,
      });
      return JSON.parse(output);
    });
    const [median] = runs.sort((a, b) => a['all of it'] - b['all of it']).slice(Math.floor(rounds / 2));
    return [median];
  });
  rmSync(folder, { recursive: true });
  return {
    title: '10,000 specs × 8 patterns against 100,000 files, cold',
    columns: {
      from: 'text',
      'read the specs': 'ms',
      'compare them': 'ms',
      'order and predict': 'ms',
      'all of it': 'ms',
      memory: 'MB',
      'one edited spec': 'ms',
    },
    rows,
    note: 'A process per round (the median of them is shown); memory is the largest resident set of that process, with Node’s own 40 MB or so.',
  };
}
