import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, parseLines, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());
afterAll(() => undefined);

interface Finished {
  readonly type: string;
  readonly success: boolean;
  readonly tasks: readonly {
    readonly taskId: string;
    readonly status: string;
    readonly reason?: string;
    readonly worktree?: string;
  }[];
  readonly totals: Readonly<Record<string, number>>;
}

function finished(stdout: string): Finished {
  return parseLines(stdout).at(-1) as unknown as Finished;
}

const statuses = ({ tasks }: Finished) =>
  Object.fromEntries(tasks.map(({ taskId, status }) => [taskId, status]));

describe('pwt run', () => {
  it('leaves out what has landed when it is run again, unless it is named', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'a.txt', '@claims'),
      ...spec(2, 'b.txt', '@claims'),
    });
    expect((await bench.run([])).exitCode).toBe(0);
    const again = await bench.run([]);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain(
      'Left out, because they have landed and their specs have not changed since: 1, 2.',
    );
    const named = finished((await bench.run(['1', '--json'])).stdout);
    expect(statuses(named)).toEqual({ '1': 'unchanged' });
  });

  it('starts the task first whose agent took longest in an earlier run, as the plan says', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'a.txt', '@claims'),
      ...spec(2, 'b.txt', '@claims'),
    });
    const start = await bench.repository.git('rev-parse', 'HEAD');
    expect((await bench.run(['--max-instances', '1'])).exitCode).toBe(0);
    const file = join(bench.repository.path, '.git/pwt/experience');
    const learned = await readFile(file, 'utf8');
    await writeFile(file, learned.replace(/("task":"2".*"ms":)\d+/, '$1900000'));
    await bench.repository.git('reset', '--quiet', '--hard', start);
    const plan = JSON.parse((await bench.pwt(['plan', '--json'])).stdout);
    expect(plan).toMatchObject({ order: ['2', '1'], tasks: [{ id: '1' }, { id: '2', measuredMs: 900_000 }] });
    const events = parseLines((await bench.run(['--max-instances', '1', '--json'])).stdout);
    expect(events.find(({ type }) => type === 'run-planned')).toMatchObject({ order: ['2', '1'] });
    const started = events.filter(({ type }) => type === 'task-dispatched').map(({ taskId }) => taskId);
    expect(started).toEqual(['2', '1']);
    // Half of what was known, and half of what was measured now.
    expect(await readFile(file, 'utf8')).toMatch(/"task":"2".*"ms":450\d\d\d/);
  });

  it('lands independent tasks, tasks on one file and a dependency, and leaves nothing behind', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'src/one.txt', '@claims', '@commit one'),
      ...spec(2, 'src/two.txt', '@append src/two.txt first'),
      ...spec(3, 'src/two.txt', '@append src/two.txt second'),
      ...spec(4, 'src/four.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    });
    const { exitCode, stdout, stderr } = await bench.run(['--json', '--max-instances', '3']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const events = parseLines(stdout);
    expect(events[0]).toMatchObject({ type: 'run-started', seq: 1, target: 'main' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const last = finished(stdout);
    expect(last).toMatchObject({ type: 'run-finished', success: true, totals: { landed: 4, failed: 0 } });
    const files = await bench.repository.filesOf('main');
    expect(files['src/two.txt']?.split('\n').sort()).toEqual(['', 'first', 'second']);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['src/one.txt', 'src/four.txt']));
    expect(await bench.repository.git('branch', '--format=%(refname:short)')).toBe('main');
    expect((await bench.repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
    expect(await bench.repository.git('status', '--porcelain')).toBe('');
  });

  it('tells apart a failure, a conflict, a time-out and no change, and lands the others', async () => {
    bench = await Workbench.create(program, {
      'shared.txt': 'start\n',
      ...spec(1, 'src/one.txt', '@claims', '@write shared.txt from-one'),
      ...spec(2, 'src/two.txt', '@claims', '@write shared.txt from-two'),
      ...spec(3, 'src/three.txt', '@write src/three.txt half', '@exit 3'),
      ...spec(4, 'src/four.txt', '@say I see nothing to do'),
      ...spec(5, 'src/five.txt', '@wait never'),
      ...spec(6, 'src/six.txt', '## Dependencies', '', '- SPEC-3', '', '@claims'),
    });
    const { exitCode, stdout } = await bench.run(['--json', '--max-instances', '5', '--timeout', '4s']);
    expect(exitCode).toBe(1);
    const last = finished(stdout);
    const { 1: one, 2: two, ...others } = statuses(last);
    expect([one, two].sort()).toEqual(['conflicted', 'landed']);
    expect(others).toEqual({ 3: 'failed', 4: 'unchanged', 5: 'timed-out', 6: 'skipped' });
    const conflicted = last.tasks.find(({ status }) => status === 'conflicted');
    expect(conflicted?.reason).toContain('shared.txt');
    expect(conflicted?.worktree).toBeDefined();
    expect(last.tasks.find(({ taskId }) => taskId === '6')?.reason).toContain('3');
  });

  it('runs the gate before anything lands, and keeps what is red off the target', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'good.txt', '@claims'),
      ...spec(2, 'bad.txt', '@claims'),
    });
    const { exitCode, stdout } = await bench.run(['--json', '--gate', 'test ! -e bad.txt']);
    expect(exitCode).toBe(1);
    expect(statuses(finished(stdout))).toEqual({ 1: 'landed', 2: 'failed' });
    expect(Object.keys(await bench.repository.filesOf('main'))).not.toContain('bad.txt');
  });

  it('without landing, completes all the same and lands on request', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'one.txt', '@claims'),
      ...spec(2, 'two.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    });
    const before = await bench.repository.git('rev-parse', 'main');
    const { exitCode, stdout } = await bench.run(['--json', '--no-merge']);
    expect(exitCode).toBe(0);
    expect(statuses(finished(stdout))).toEqual({ 1: 'integrated', 2: 'integrated' });
    expect(await bench.repository.git('rev-parse', 'main')).toBe(before);
    const landed = await bench.pwt(['land']);
    expect(landed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Object.keys(await bench.repository.filesOf('main'))).toEqual(
      expect.arrayContaining(['one.txt', 'two.txt']),
    );
    const again = {
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to land: .* has landed on main\.\n$/),
    };
    expect(await bench.pwt(['land'])).toMatchObject(again);
    const [, runId = ''] = /"runId":"([^"]+)"/.exec(stdout) ?? [];
    expect(await bench.pwt(['land', runId])).toMatchObject(again);
  });

  it('leaves a dirty checkout byte for byte as it was', async () => {
    bench = await Workbench.create(program, {
      '.gitignore': '*.log\n',
      'mine.txt': 'mine\n',
      ...spec(1, 'one.txt', '@claims'),
    });
    const { path } = bench.repository;
    await bench.repository.write({
      'mine.txt': 'changed\n',
      'new.txt': 'untracked\n',
      'x.log': 'ignored\n',
      'staged.txt': 's\n',
    });
    await bench.repository.git('add', 'staged.txt');
    const status = await bench.repository.git('status', '--porcelain', '--ignored');
    expect(await bench.run()).toMatchObject({ exitCode: 0 });
    expect(await bench.repository.git('status', '--porcelain', '--ignored')).toBe(status);
    expect(await readFile(join(path, 'mine.txt'), 'utf8')).toBe('changed\n');
    expect(await readFile(join(path, 'one.txt'), 'utf8')).toContain('task 1');
  });

  it('starts a failed task over', async () => {
    bench = await Workbench.create(program, {
      ...spec(1, 'one.txt', '@write one.txt first-attempt', '@exit 1'),
      ...spec(2, 'two.txt', '## Dependencies', '', '- SPEC-1', '', '@claims'),
    });
    expect(await bench.run()).toMatchObject({ exitCode: 1 });
    // The recorded agent is asked again, and this time it finds that it can do it.
    const willing = join(bench.repository.parent, 'willing.mjs');
    await writeFile(
      willing,
      "import { writeFileSync } from 'node:fs'; writeFileSync(`${process.env.PWT_TASK_ID}.txt`, 'ok');",
    );
    const retried = await bench.pwt(['retry', 'US-001', '--json', '--', process.execPath, willing]);
    expect(retried.exitCode).toBe(0);
    expect(statuses(finished(retried.stdout))).toEqual({ 1: 'landed', 2: 'landed' });
  });

  it('prints plain lines and a summary when it is piped', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@claims'));
    const { exitCode, stdout } = await bench.run(['1']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d 1: agent started$/m);
    expect(stdout).toContain('✔ landed  1');
    expect(stdout).not.toContain('\u001b[');
  });

  it('only shows the plan with --dry-run', async () => {
    bench = await Workbench.create(program, spec(1, 'one.txt', '@claims'));
    const { exitCode, stdout } = await bench.run(['--dry-run', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, order: ['1'] });
    expect(await bench.repository.git('branch', '--list', 'feature/*')).toBe('');
  });

  it('has nothing to do in a repository without specs', async () => {
    bench = await Workbench.create(program);
    expect(await bench.run(['--json'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('"type":"run-finished"'),
    });
    expect(await bench.run()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Nothing to do\.\nThere are no tasks\.\n/),
    });
  });
});
