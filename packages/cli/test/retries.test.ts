import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, type Outcome, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const QUIET = ['--max-cpu-percent', '100', '--max-memory-percent', '100', '--min-disk', '0'];

/** Runs as a user does that says nothing of further attempts, or what `more` says. */
function run(agent: readonly string[], ...more: readonly string[]): Promise<Outcome> {
  return bench.pwt(['run', ...QUIET, ...more, '--', ...agent]);
}

const sh = (script: string) => ['sh', '-ec', script];

interface Attempts {
  readonly status: string;
  readonly attempts?: readonly { readonly failure?: { readonly kind: string } }[];
}

/** How the task has ended, and what its earlier attempts ended with. */
async function task(id: string): Promise<{ readonly status?: string; readonly earlier: readonly unknown[] }> {
  const { tasks } = JSON.parse((await bench.pwt(['status', '--json'])).stdout) as {
    tasks: readonly (Attempts & { readonly taskId: string })[];
  };
  const found = tasks.find(({ taskId }) => taskId === id);
  return {
    ...(found && { status: found.status }),
    earlier: found?.attempts?.map(({ failure }) => failure?.kind) ?? [],
  };
}

/** Right only for an agent that was told what the gate has said. */
const MENDS = 'if grep -q "expected blue"; then echo blue; else echo red; fi > one.txt';
// The prompt of the first attempt has the gate's command in it, and must not have this text.
const GATE = ['--gate', '! grep -q red one.txt || { printf "%s blue\\n" expected; exit 1; }'];

describe('a task that is not enough at first, where nobody says how often it is tried', () => {
  it('mends a red gate at its second attempt, and lands', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt'));
    expect(await run(sh(MENDS), ...GATE)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 landed'),
    });
    expect(await task('1')).toEqual({ status: 'landed', earlier: ['gate-red'] });
    expect(await bench.repository.filesOf('main')).toMatchObject({ 'one.txt': 'blue\n' });
    const first = await bench.pwt(['diff', '1']);
    expect(first.stdout).not.toContain('+red');
  });

  it('resolves the conflict that is prepared for it, and lands', async () => {
    bench = await Workbench.create(program, {
      'shared.txt': 'nobody\n',
      ...spec(1, 'one.txt'),
      ...spec(2, 'two.txt'),
    });
    const { parent } = bench.repository;
    await promisify(execFile)('mkfifo', [join(parent, 'a')]);
    const work = [
      'if grep -q "<<<<<<<" shared.txt; then printf "1\\n2\\n" > shared.txt; git commit --quiet --all --no-edit; exit; fi',
      // Neither has seen what the other one does: opening a pipe waits for the other side.
      `case $PWT_TASK_ID in 1) : > '${parent}/a' ;; 2) read -r nothing < '${parent}/a' || true ;; esac`,
      'echo $PWT_TASK_ID > shared.txt',
    ].join('\n');
    expect(await run(sh(work))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 landed') });
    const both = [await task('1'), await task('2')].flatMap(({ earlier }) => earlier);
    expect(both).toEqual(['conflict']);
    expect(await bench.repository.filesOf('main')).toMatchObject({ 'shared.txt': '1\n2\n' });
  });

  it('is asked again where it has changed nothing, and lands', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt'));
    const late = 'if grep -q "nothing to take"; then echo one > one.txt; fi';
    expect(await run(sh(late))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 landed') });
    expect(await task('1')).toEqual({ status: 'landed', earlier: ['no-change'] });
  });

  it('ends after its attempts if it never gets it right, with everything kept', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@write one.txt red'));
    const { exitCode, stdout } = await run(scriptedAgent, ...GATE);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('pwt retry 1')]);
    expect(await task('1')).toEqual({ status: 'failed', earlier: ['gate-red'] });
    expect((await bench.repository.git('worktree', 'list')).split('\n')).toHaveLength(2);
    for (const number of ['1', '2'])
      expect(await bench.pwt(['logs', '1', '--attempt', number])).toMatchObject({ exitCode: 0 });
  });
});

describe('--retries', () => {
  it.each([
    ['0', []],
    ['gate-red=2', ['gate-red', 'gate-red']],
  ])('%s says how often a red gate is tried again', async (said, earlier) => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@write one.txt red'));
    expect((await run(scriptedAgent, '--retries', said, ...GATE)).exitCode).toBe(1);
    expect(await task('1')).toEqual({ status: 'failed', earlier });
  });

  it.each(['21', 'sometimes=1'])('%s is refused before anything starts', async (said) => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@claims'));
    const refused = await run(scriptedAgent, `--retries=${said}`);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('retries') });
    expect(await bench.repository.git('worktree', 'list')).not.toContain('\n');
  });

  it('is a setting of the configuration, too', async () => {
    bench = await Workbench.create(program, {
      'pwt.config.json': '{"retries": {"gate-red": 0}}',
      ...spec(1, 'one.txt', '@write one.txt red'),
    });
    await run(scriptedAgent, ...GATE);
    expect(await task('1')).toEqual({ status: 'failed', earlier: [] });
  });
});
