import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, watch, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt();
});
afterEach(() => bench.dispose());

const runs = () => join(bench.repository.path, '.git/pwt/runs');

/** A repository in which one run has landed a task; returns the run's id. */
async function landedRun(): Promise<string> {
  bench = await Workbench.create(program, spec(1, 'one.txt', '@claims', '@commit one'));
  expect((await bench.run(['--yes'])).exitCode).toBe(0);
  const [runId] = await readdir(runs());
  if (runId === undefined) throw new Error('no run');
  return runId;
}

async function damage(runId: string): Promise<string> {
  const log = join(runs(), runId, 'journal.jsonl');
  const lines = (await readFile(log, 'utf8')).split('\n');
  lines.splice(5, 1, '\0'.repeat(80));
  await writeFile(log, lines.join('\n'));
  return log;
}

describe('a log with a damaged line', () => {
  it('stands in the way of its own run only, and is moved aside', async () => {
    const runId = await landedRun();
    const log = await damage(runId);

    const status = await bench.pwt(['status']);
    expect(status).toMatchObject({ exitCode: 0, stderr: '' });
    expect(status.stdout).toContain(`Run ${runId} is damaged: Line 6`);
    const named = await bench.pwt(['status', '--run', runId]);
    expect(named.exitCode, named.stderr).toBe(0);
    expect(named.stdout).toContain(runId);
    const json = JSON.parse((await bench.pwt(['status', '--all', '--json'])).stdout);
    expect(json).toMatchObject({ runs: [], damagedRuns: [{ runId, code: 'PWT_JOURNAL_CORRUPT' }] });
    const resumed = await bench.pwt(['resume', runId]);
    expect(resumed.stderr).toContain('PWT_JOURNAL_CORRUPT');
    expect(resumed.stderr).toContain('pwt doctor --fix');

    await bench.repository.write(spec(2, 'two.txt', '@claims', '@commit two'));
    await bench.repository.commitAll('another');
    const next = await bench.run(['--yes', '2']);
    expect(next.exitCode, next.stderr).toBe(0);
    expect(next.stdout).toContain(`Run ${runId} is left alone`);
    expect((await bench.pwt(['clean'])).exitCode).toBe(0);

    const seen = await bench.pwt(['doctor']);
    expect(seen.stdout).toContain(`the log of run ${runId} is damaged`);
    expect(existsSync(log)).toBe(true);
    const before = await readFile(log);
    const fixed = JSON.parse((await bench.pwt(['doctor', '--fix', '--json'])).stdout);
    const done = fixed.checks.find(({ name }: { name: string }) => name === 'log');
    expect(done).toMatchObject({ status: 'ok', done: expect.stringContaining(`${log}.damaged-`) });
    expect(existsSync(log)).toBe(false);
    const aside = done.done.slice(done.done.indexOf(log));
    expect(await readFile(aside)).toEqual(before);
    expect((await bench.pwt(['doctor'])).stdout).not.toContain('damaged');
    expect((await bench.pwt(['status', '--all'])).stdout).not.toContain(runId);
  });
});

describe('an old copy of a log that was put back', () => {
  it('is named, and no agent is started beside the one that still works', async () => {
    bench = await Workbench.create(program);
    const { parent } = bench.repository;
    await bench.repository.write(
      spec(1, 'one.txt', `@append ${parent}/starts x`, `@signal ${parent}/begun`, `@wait ${parent}/go`),
    );
    await bench.repository.commitAll('specs');
    const begun = watch(parent);
    const child = bench.start([...runArguments(['--yes']), '--', ...scriptedAgent]);
    child.stdout?.resume();
    for await (const { filename } of begun) if (filename === 'begun') break;
    child.kill('SIGKILL');
    await once(child, 'close');
    const [runId = ''] = await readdir(runs());
    const log = join(runs(), runId, 'journal.jsonl');
    const lines = (await readFile(log, 'utf8')).split('\n');
    const dispatched = lines.findIndex((line) => line.includes('"task-dispatched"'));
    await writeFile(log, `${lines.slice(0, dispatched).join('\n')}\n`);

    const resumed = await bench.pwt(['resume']);
    expect(resumed.stderr).toContain('PWT_JOURNAL_BEHIND');
    const named = (await doctor('--fix')).find(({ name }) => name === 'log');
    expect(named).toMatchObject({ status: 'warning', fix: expect.stringMatching(/kill \d+/) });
    expect((await bench.run(['--yes'])).stdout).toContain('PWT_WORKTREE_EXISTS');
    expect(await readFile(join(parent, 'starts'), 'utf8')).toBe('x\n');
    const [, pids = ''] = /kill ([\d ]+)/.exec(named?.fix ?? '') ?? [];
    for (const pid of pids.trim().split(' ')) process.kill(Number(pid), 'SIGKILL');
    await expect
      .poll(async () => (await doctor('--fix')).find(({ name }) => name === 'log'), { timeout: 30_000 })
      .toMatchObject({ status: 'ok', done: expect.stringContaining(log) });
  });
});

interface ShownCheck {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly fix?: string;
  readonly done?: string;
}

async function doctor(...flags: readonly string[]): Promise<readonly ShownCheck[]> {
  const { stdout } = await bench.pwt(['doctor', '--json', ...flags]);
  return (JSON.parse(stdout) as { checks: ShownCheck[] }).checks;
}

describe('pwt doctor', () => {
  it('mends what is proven, and names a command for the rest', async () => {
    await landedRun();
    const { path } = bench.repository;
    const git = join(path, '.git');
    await bench.repository.git('update-ref', 'refs/pwt/unknown-run/integration', 'main');
    await bench.repository.git('update-ref', 'refs/pwt/other-run/integration', await strayCommit());
    const ours = join(git, 'refs/pwt/x/integration.lock');
    await mkdir(dirname(ours), { recursive: true });
    for (const file of [ours, join(git, 'config.lock')]) await writeFile(file, '');
    await utimes(ours, 1, 1);
    await mkdir(join(git, 'worktrees/theirs'), { recursive: true });
    await mkdir(join(git, 'pwt/worktrees'), { recursive: true });
    const record = join(git, 'pwt/worktrees/r.1.json');
    await writeFile(record, '{"v":1,');
    // A record that can't be read stops no command.
    expect((await bench.pwt(['clean'])).exitCode).toBe(0);
    expect(existsSync(ours)).toBe(false);
    await writeFile(ours, '');
    await utimes(ours, 1, 1);

    const found = await doctor();
    const about = (text: string, checks = found) => checks.find(({ message }) => message.includes(text));
    expect(about(ours)).toMatchObject({ status: 'warning', fix: 'pwt doctor --fix' });
    expect(about('config.lock')).toMatchObject({ status: 'warning', fix: expect.stringContaining('rm ') });
    expect(about('worktrees/theirs')).toMatchObject({ fix: expect.stringContaining('rm -r ') });
    expect(about(record)).toMatchObject({ fix: 'pwt doctor --fix' });
    expect(about('refs/pwt/unknown-run/integration')).toMatchObject({ fix: 'pwt doctor --fix' });
    expect(about('refs/pwt/other-run/integration')).toMatchObject({
      fix: expect.stringContaining('git branch '),
    });
    expect(existsSync(ours) && existsSync(record)).toBe(true);

    const fixed = await doctor('--fix');
    for (const text of [ours, record, 'refs/pwt/unknown-run/integration'])
      expect(about(text, fixed)).toMatchObject({ status: 'ok', done: expect.any(String) });
    expect(existsSync(ours) || existsSync(record)).toBe(false);

    // The commands that it names lead out.
    for (const text of ['config.lock', 'worktrees/theirs', 'other-run']) {
      const { fix = '' } = about(text, fixed) ?? {};
      execFileSync('sh', ['-c', fix.slice(fix.indexOf(': ') + 2)], { cwd: path, env: bench.env });
    }
    await doctor('--fix');
    const last = await doctor();
    expect(last.filter(({ name }) => ['records', 'refs', 'log'].includes(name))).toEqual([]);
    expect(last.filter(({ message }) => message.includes(git))).toEqual([]);
  });
});

async function strayCommit(): Promise<string> {
  const tree = await bench.repository.git('rev-parse', 'main^{tree}');
  return bench.repository.git('commit-tree', tree, '-m', 'on no branch');
}
