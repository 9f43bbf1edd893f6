import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClaims, makeTask } from '@pwt/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { RUN_ID, World, writes } from '../../test/world.js';

it('refuses to go on from a log that is older than the attempts on disk, and starts nothing', async () => {
  const runsDir = await mkdtemp(join(tmpdir(), 'pwt-behind-'));
  onTestFinished(() => rm(runsDir, { recursive: true }));
  const world = new World({
    tasks: [makeTask('1')],
    claims: [makeClaims('1', '1.txt')],
    work: { '1': writes('1.txt') },
  });
  await world.start(world.coordinator({ runsDir }));
  const before = (await world.journals.read(RUN_ID)).length;
  for (const attempt of ['1', '2'])
    await mkdir(join(runsDir, RUN_ID, 'tasks/1', attempt), { recursive: true });
  for (const goOn of [
    () => world.coordinator({ runsDir }).resume({ runId: RUN_ID }),
    () => world.coordinator({ runsDir }).land({ runId: RUN_ID }),
  ])
    await expect(goOn()).rejects.toMatchObject({
      code: 'PWT_JOURNAL_BEHIND',
      data: { taskId: '1', attempt: 2 },
    });
  expect(await world.journals.read(RUN_ID)).toHaveLength(before);
  expect(world.launcher.started).toEqual(['1']);
});
