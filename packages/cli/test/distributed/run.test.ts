import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { needsRedis } from '../../../../plugins/bullmq/test/redis-server.js';
import { buildPwt, spec } from '../support/pwt.js';
import { FleetStage, worktreesIn } from '../support/workers.js';

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
        ...spec(1, 'src/a.txt', '@write src/a.txt one', '@commit Done'),
        ...spec(2, 'src/b.txt', '@write src/b.txt two'),
        ...spec(3, 'src/c.txt', '@write src/c.txt three', '@commit Done'),
      },
      gate: 'test -f README.md',
    });
    await stage.worker('alpha');
    await stage.worker('beta');
    const { stdout, stderr, exitCode } = await stage.pwt(['run', '--yes', '--max-instances', '2']);
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
    const { repository } = stage.bench;
    expect(await repository.filesOf('main')).toMatchObject({
      'src/a.txt': 'one\n',
      'src/b.txt': 'two\n',
      'src/c.txt': 'three\n',
    });
    expect(stdout).toMatch(/1: agent started on (alpha|beta)/);
    expect(await stage.refsOnExchange()).toEqual([]);
    for (const { home } of stage.workers) expect(await worktreesIn(home)).toEqual([]);
  });
});
