import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
// @boundaries-ignore the server of the plugin's own tests
import { isInstalled } from '../../../../plugins/bullmq/test/redis-server.js';
import { signalled } from '../support/moments.js';
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

  it('any more, since it was started again in the middle: what its agent did counts, and nothing new starts', async () => {
    stage = await FleetStage.open({ program, files: {} });
    const { repository } = stage.bench;
    const at = (name: string) => join(repository.parent, name);
    await repository.write({
      ...spec(1, 'src/a.txt', '@write src/a.txt one', `@signal ${at('works')}`, `@wait ${at('goes-on')}`),
      ...spec(2, 'src/a.txt', '@write src/a.txt two'),
    });
    await repository.commitAll('Specs');
    const before = await stage.worker('alpha');
    const running = stage.pwt(['run', '--yes', '--retries', '0']);
    await signalled(at('works'));
    before.child.kill('SIGKILL');
    await before.ended;
    const alpha = await stage.worker('alpha', { allows: ['sh', '-c', 'true'] });
    await writeFile(at('goes-on'), '');
    expect(await running).toMatchObject({ exitCode: 1 });
    const { stdout: status } = await stage.pwt(['status']);
    expect(status).toMatch(/landed {2}1 /);
    expect(status).toMatch(
      /failed {2}2 .*PWT_WORKER_REFUSES: No worker takes this task: alpha: the agent .*scripted-agent.* is not allowed.* --allow-agent /,
    );
    expect(status).toMatch(/Machines that have refused work:\n {2}alpha\n {4}refuses: the agent /);
    expect(alpha.output()).toContain('refuses what a run needs: the agent');
    expect(alpha.output()).not.toMatch(/placed 2/);
  });
});
