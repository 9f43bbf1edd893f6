import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needsRedis } from '../../../plugins/bullmq/test/redis-server.js';
import { buildPwt, spec } from './support/pwt.js';
import { FleetStage } from './support/workers.js';

let program: string;
let stage: FleetStage | undefined;

beforeAll(async () => {
  program = await buildPwt();
});

afterEach(async () => {
  await stage?.dispose();
  stage = undefined;
});

describe('a run over workers', () => {
  it('lands what the same run lands here, and leaves nothing', async ({ skip }) => {
    needsRedis(skip);
    stage = await FleetStage.open({
      program,
      files: {
        ...spec(1, 'src/a.txt', '@write src/a.txt one', '@commit'),
        ...spec(2, 'src/b.txt', '@write src/b.txt two'),
        ...spec(3, 'src/c.txt', '@write src/c.txt three', '@commit'),
      },
      gate: 'test -d src',
    });
    await stage.worker('alpha');
    await stage.worker('beta');
    const { stdout, stderr, exitCode } = await stage.pwt(['run', '--max-instances', '2']);
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
    console.log(stdout, stage.workers.map((w) => w.output()).join('\n---\n'));
  });
});
