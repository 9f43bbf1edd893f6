import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { isInstalled } from '../../../../plugins/bullmq/test/redis-server.js';
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

describe.skipIf(!isInstalled())('a worker whose operator has not allowed what a run needs', () => {
  it.each([
    ['the agent', { agent: ['sh', '-c', 'true'] }, 'sh'],
    ['the gate', { gate: 'test -f README.md' }, 'test -f README.md'],
    ['the set-up', { setup: 'true' }, 'true'],
  ] as const)(
    '%s: the run says so before it starts anything, with the name and the reason',
    async (_, needed, command) => {
      stage = await FleetStage.open({ program, files: spec(1, 'src/a.txt', '@write src/a.txt one') });
      const alpha = await stage.worker('alpha');
      await stage.configure(stage.redis.port, needed);
      const { exitCode, stdout, stderr } = await stage.pwt(['run', '--yes']);
      const said = stdout + stderr;
      expect(exitCode, said).not.toBe(0);
      expect(said).toContain('alpha');
      expect(said).toContain(command);
      expect(said).toMatch(/--allow-(agent|gate|setup)/);
      expect(await worktreesIn(alpha.home)).toEqual([]);
      expect(alpha.output()).toMatch(/refuses what a run needs/);
      expect(alpha.output()).not.toMatch(/placed|runs$/m);
    },
  );
});
