import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { capture } from './exec.mjs';
import { statementsRunInPrograms } from './program-coverage.mjs';

const SOURCE = `if (process.argv.length > 2)
  console.log('with an argument');
else
  console.log('without');
`;
/** Maps the start of each of the four lines, and column 2 of the second and the fourth, to itself. */
const IDENTITY = {
  version: 3,
  sources: ['../src/a.ts'],
  names: [],
  mappings: 'AAAA;AACA,EAAE;AACF;AACA,EAAE',
};

it('leads what ran in child processes back to the sources', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-program-coverage-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const dist = join(root, 'packages/a/dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'a.mjs'), SOURCE);
  writeFileSync(join(dist, 'a.mjs.map'), JSON.stringify(IDENTITY));
  const coverage = join(root, 'coverage');
  const run = (/** @type {string[]} */ ...args) =>
    capture([process.execPath, join(dist, 'a.mjs'), ...args], {
      env: { ...process.env, NODE_V8_COVERAGE: coverage },
    });
  const ran = (/** @type {number} */ line, column = 0) =>
    statementsRunInPrograms(coverage, root)(join(root, 'packages/a/src/a.ts'), { line, column });

  expect(ran(1)).toBe(false);
  await run();
  expect([ran(1), ran(2, 2), ran(4, 2), ran(9)]).toEqual([true, false, true, false]);
  await run('argument');
  expect([ran(1), ran(2, 2), ran(4, 2), ran(9)]).toEqual([true, true, true, false]);

  // A process that was killed while it wrote.
  writeFileSync(join(coverage, 'coverage-half.json'), '{"result":[{"scriptId":"6","url":"node:inter');
  expect([ran(1), ran(9)]).toEqual([true, false]);
});
