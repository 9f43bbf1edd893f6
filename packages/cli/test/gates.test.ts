import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const configure = (config: object) =>
  writeFile(join(bench.repository.path, 'pwt.config.json'), JSON.stringify(config));

const run = (...args: string[]) => bench.pwt([...runArguments(args), '--', ...scriptedAgent]);

type Line = Record<string, unknown> & { readonly type: string };

const linesOf = (stdout: string, type: string) =>
  (parseLines(stdout) as Line[]).filter((line) => line.type === type);

describe('a gate of several commands', () => {
  it('is approved command by command, and its verdicts are told apart', async () => {
    bench = await Workbench.create(program, spec(1, 'bad.txt', '@claims'));
    const gate = { lint: 'echo linted; test ! -e bad.txt', unit: 'echo tested' };
    await configure({ gate, gateMode: 'parallel' });
    const refused = await run();
    expect(refused.stderr).toContain('PWT_COMMAND_NOT_APPROVED');
    expect(refused.stderr).toContain('echo linted; test ! -e bad.txt');

    const { stdout, exitCode } = await run('--yes', '--json');
    expect(exitCode).toBe(1);
    const red = linesOf(stdout, 'gate-finished').find(
      ({ taskIds, verdict }) => String(taskIds) === '1' && (verdict as { status: string }).status === 'red',
    );
    expect(red?.verdict).toMatchObject({
      status: 'red',
      exitCode: 1,
      cpuMs: expect.any(Number),
      parts: [
        { name: 'lint', status: 'red', exitCode: 1, summary: 'linted' },
        { name: 'unit', status: 'green' },
      ],
    });
    expect((await bench.pwt(['status'])).stdout).toContain("the gate's command lint is red");
    const { tasks } = JSON.parse((await bench.pwt(['status', '--json'])).stdout);
    expect(tasks).toMatchObject([
      { verdict: { parts: [{ name: 'lint', status: 'red' }, { name: 'unit' }] } },
    ]);
    const logs = await bench.pwt(['logs', '--gate']);
    expect(logs.stdout).toMatch(/\.lint gate: .*\nlinted\n/);
    expect(logs.stdout).toMatch(/\.unit gate: .*\ntested\n/);
  });

  it('shows of a task the gates that have tested its work, in their order', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'a.txt', '@claims'),
      ...spec(2, 'bad.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    });
    const { exitCode } = await run('--gate', 'echo "tested $PWT_GATE_LABEL"; test ! -e bad.txt');
    expect(exitCode).toBe(1);
    const labels = async (...ids: string[]) => {
      const { logs } = JSON.parse((await bench.pwt(['logs', '--gate', '--json', ...ids])).stdout);
      // Without a gate that was stopped before it printed anything.
      return (logs as { text: string }[]).flatMap(({ text }) => text.trim() || []);
    };
    expect(await labels('1')).toEqual(['tested 1']);
    expect(new Set(await labels('2'))).toEqual(new Set(['tested 2']));
    expect((await labels()).slice(0, 2)).toEqual(['tested @target', 'tested 1']);
  });

  it('says which paths are new to what was tested before', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'a.txt', '@claims'),
      ...spec(2, 'dir/b c.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    });
    const out = join(bench.repository.parent, 'seen');
    const gate = `if [ "\${PWT_CHANGED_FILES+set}" ]; then cat "$PWT_CHANGED_FILES" >> ${out}; echo "--$PWT_GATE_LABEL" >> ${out}; fi`;
    const { exitCode } = await run('--gate', gate);
    expect(exitCode).toBe(0);
    expect(await readFile(out, 'utf8')).toBe('a.txt\n--1\ndir/b c.txt\n--2\n');
  });
});

it('ends the gates of a pwt that was killed before it tests again', async () => {
  bench = await Workbench.create(program, spec(1, 'a.txt', '@claims'));
  const { parent } = bench.repository;
  const [fifo, go] = [join(parent, 'fifo'), join(parent, 'go')];
  execFileSync('mkfifo', [fifo]);
  const gate = `test -e ${go} && exit; exec 3>${fifo}; echo up >&3; sleep 600`;
  const killed = bench.start([...runArguments(['--gate', gate]), '--', ...scriptedAgent]);
  const closed = once(killed, 'close');
  // A pipe ends when all that could write to it have ended.
  const pipe = createReadStream(fifo);
  await once(pipe, 'data');
  const ended = once(pipe.resume(), 'end');
  killed.kill('SIGKILL');
  killed.stdout?.resume();
  await closed;
  expect(JSON.parse((await bench.pwt(['status', '--json'])).stdout).gates).toEqual([]);
  expect((await bench.pwt(['status'])).stdout).not.toContain('the gate tests');
  await writeFile(go, '');
  expect((await bench.pwt(['resume'])).exitCode).toBe(0);
  await ended;
  expect(await bench.repository.filesOf('main')).toHaveProperty('a.txt');
});

describe('pwt retry after the gate was mended', () => {
  const starts = (stdout: string) => linesOf(stdout, 'agent-launched').length;

  it('tests the work again by the gate of the file, and starts no agent', async () => {
    bench = await Workbench.create(program, spec(1, 'a.txt', '@claims'));
    await configure({ gate: { lint: 'true', unit: 'test ! -e a.txt' } });
    const { stdout } = await run('--yes');
    expect(stdout).toMatch(/gate red for 1 after \S+ \(lint green \S+, unit red \S+\)/);
    expect(stdout).toContain("the gate's command unit is red");

    await configure({ gate: { lint: 'true', unit: 'echo mended' } });
    const refused = await bench.pwt(['retry', '1']);
    expect(refused.stderr).toContain('PWT_COMMAND_NOT_APPROVED');
    const again = await bench.pwt(['retry', '1', '--yes', '--json']);
    expect(again.exitCode).toBe(0);
    expect(starts(again.stdout)).toBe(0);
    expect(linesOf(again.stdout, 'task-reopened')).toMatchObject([
      { reason: 'the gate or its environment has changed, so its work is tested again' },
    ]);
    expect(await bench.repository.filesOf('main')).toHaveProperty('a.txt');
  });

  it('keeps to the gate of the command line, and has the agent go on where nothing has changed', async () => {
    bench = await Workbench.create(program, spec(1, 'a.txt', '@claims'));
    await configure({ gate: 'true' });
    expect((await run('--gate', 'test ! -e a.txt')).exitCode).toBe(1);
    const again = await bench.pwt(['retry', '1', '--json']);
    expect(again.exitCode).toBe(1);
    expect(starts(again.stdout)).toBe(1);

    const regate = await bench.pwt(['retry', '1', '--regate', '--json']);
    expect(starts(regate.stdout)).toBe(0);
    expect(linesOf(regate.stdout, 'gate-started').length).toBeGreaterThan(0);
  });
});
