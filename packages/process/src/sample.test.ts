import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { env, identitiesIn, sweptMark, temporaryDirectory } from '../test/support.js';
import { createMark, identify, sampleMarked, sampleTree, stopTree } from './index.js';

it('adds up a tree, by its root or its mark, and many marks in one look', async () => {
  const pidFile = join(await temporaryDirectory(), 'pids');
  const mark = sweptMark(createMark());
  const idle = createMark();
  // A child that has used CPU time and ended counts with its parent.
  const text =
    'sh -c "i=0; while [ \\$i -lt 100000 ]; do i=\\$((i+1)); done"; sleep 1000 & echo $$ >>"$1"; wait';
  const child = spawn('sh', ['-c', text, 'sh', pidFile], {
    detached: true,
    stdio: 'ignore',
    env: { ...env, PWT_MARK: `outer,${mark}` },
  });
  await identitiesIn(pidFile, 1);
  const root = identify(child.pid as number);
  if (root === undefined) throw new Error('the root ended too early');

  const byRoot = await sampleTree({ root });
  expect(byRoot.processes).toBe(2);
  expect(byRoot.cpuMs).toBeGreaterThan(0);
  expect(byRoot.rssBytes).toBeGreaterThan(100_000);

  // While a process becomes another program, its environment can't be read.
  await expect.poll(async () => (await sampleTree({ mark })).processes).toBe(2);
  await expect.poll(async () => (await sampleMarked([mark, idle])).get(mark)?.processes).toBe(2);
  const samples = await sampleMarked([mark, idle]);
  expect(samples.get(idle)).toEqual({ cpuMs: 0, rssBytes: 0, processes: 0 });

  await stopTree({ root, mark, graceMs: 0 });
  expect(await sampleTree({ root, mark })).toEqual({ cpuMs: 0, rssBytes: 0, processes: 0 });
});
