import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, type Outcome, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const GATE = 'test ! -e five.txt || test -e three.txt';

/** Four tasks, one after the other; 2 needs 1, and 5 is red without 3. */
async function reviewed(strategy = 'merge'): Promise<Outcome> {
  bench = await Workbench.create(program, {
    'shared.txt': 'a\n',
    ...spec(1, 'one.txt', '@write one.txt one'),
    ...spec(2, 'two.txt', 'Depends on: 1', '@write two.txt two'),
    ...spec(3, 'three.txt', '@write three.txt three'),
    ...spec(5, 'five.txt', '@write five.txt five'),
  });
  return bench.run(['--review', '--gate', GATE, '--max-instances', '1', '--strategy', strategy]);
}

const statuses = async () => {
  const { stdout } = await bench.pwt(['status', '--json']);
  const { tasks } = JSON.parse(stdout) as { tasks: { taskId: string; status: string }[] };
  return Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));
};
const ready = (...ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, 'ready']));
const filesOfMain = async () =>
  Object.keys(await bench.repository.filesOf('main')).filter((name) => /^(one|two|three|five)/.test(name));

describe('a reviewed run', () => {
  // Each strategy is run in full by the tests of the merger and of the coordinator.
  it.each(process.env.PWT_PROVE === '1' ? ['merge', 'squash', 'rebase'] : ['squash'])(
    'lands a choice with what it needs, and has the rest ready on top: %s',
    async (strategy) => {
      const ran = await reviewed(strategy);
      expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('4 ready') });
      expect(ran.stdout).toMatch(/^Land 1, 2, 3, 5: pwt land 1 2 3 5$/m);
      expect(await statuses()).toEqual(ready('1', '2', '3', '5'));
      expect(await filesOfMain()).toEqual([]);
      const diff = await bench.pwt(['diff', '3']);
      expect(diff.stdout).toContain('+three');

      const red = await bench.pwt(['land', '5']);
      expect(red).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('the gate is red') });
      expect([await statuses(), await filesOfMain()]).toEqual([ready('1', '2', '3', '5'), []]);

      const landed = await bench.pwt(['land', '2']);
      expect(landed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 landed, 2 ready') });
      expect(await filesOfMain()).toEqual(['one.txt', 'two.txt']);
      expect(await statuses()).toEqual({ ...ready('3', '5'), '1': 'landed', '2': 'landed' });
      expect((await bench.pwt(['diff', '--stat'])).stdout).not.toContain('two.txt');

      expect((await bench.pwt(['land', '1'])).stderr).toContain('PWT_TASK_NOT_READY');
      expect(await bench.pwt(['land'])).toMatchObject({ exitCode: 0 });
      expect(await filesOfMain()).toEqual(['five.txt', 'one.txt', 'three.txt', 'two.txt']);
      const left = await bench.repository.git('worktree', 'list');
      expect(left.split('\n')).toHaveLength(1);
    },
  );

  it('names in status, after a red choice, what to land with it, and that works', async () => {
    const { stdout: ran } = await reviewed();
    await bench.pwt(['land', '5']);
    const { stdout } = await bench.pwt(['status']);
    const [, together = ''] = /^Land .* together: pwt (land .*)$/m.exec(stdout) ?? [];
    // What it was tested on top of: 2 waits for 1, so it may come before or after 5.
    const order = [...ran.matchAll(/(\d): integrated as/g)].map(([, id = '']) => id);
    const needed = order.slice(0, order.indexOf('5') + 1).sort();
    expect(needed).toEqual(expect.arrayContaining(['1', '3', '5']));
    expect(together).toBe(`land ${needed.join(' ')}`);
    expect(await bench.pwt(together.split(' '))).toMatchObject({ exitCode: 0 });
    expect((await bench.pwt(['status', '--json'])).stdout).not.toContain('declined');
  });

  it('sends one back to its agent with the reason, and comes back with it changed', async () => {
    await reviewed();
    expect(await bench.pwt(['reject', '1'])).toMatchObject({ exitCode: 2 });
    const reason = 'take another word; $(touch owned) `touch owned`\n@write one.txt better';
    const rejected = await bench.pwt(['reject', '1', '-m', reason, '--max-cpu-percent', '100']);
    expect(rejected).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('4 ready') });
    expect(await statuses()).toEqual(ready('1', '2', '3', '5'));
    await bench.pwt(['land', '1']);
    expect(await bench.repository.filesOf('main')).toMatchObject({ 'one.txt': 'better\n' });
    expect(await bench.repository.filesOf('main')).not.toHaveProperty('owned');
  });
});
