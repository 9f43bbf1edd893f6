import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, runArguments, scriptedAgent, spec, Workbench } from './support/pwt.js';
import { follow } from './support/remains.js';

let program: string;
beforeAll(async () => {
  program = await buildPwt();
});

const benches: Workbench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.dispose();
});

async function makeBench(files: Readonly<Record<string, string>>): Promise<Workbench> {
  const bench = await Workbench.create(program, files);
  benches.push(bench);
  return bench;
}

const RUN = [...runArguments(['--json', '--yes']), '--', ...scriptedAgent];

/** The lines that a command prints, a failure shown with what was said. */
async function said(bench: Workbench, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await bench.pwt(args);
  expect(exitCode, `pwt ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Runs a command out of a message as the user would: pasted into a shell. */
function command(text: string, start: string): string[] {
  const found = new RegExp(`${start}[^\\n;]*`).exec(text)?.[0] ?? '';
  expect(found, text).not.toBe('');
  return found.split(' ').slice(1);
}

describe('pwt clean while an agent works on', () => {
  it('touches nothing after a kill -9 of pwt, whatever the flags, until the task is given up', async () => {
    const bench = await makeBench({});
    const { parent } = bench.repository;
    await bench.repository.write({
      ...spec(
        1,
        'one.txt',
        '@append one.txt half',
        `@append ${parent}/began x`,
        `@wait ${parent}/go`,
        '@commit one',
      ),
      ...spec(2, 'two.txt', '@claims', '@commit two'),
    });
    await bench.repository.commitAll('specs');
    const worktree = join(parent, `${basename(bench.repository.path)}-wt1`);
    await follow(bench, RUN, async (line, _, child) => {
      if (line.type === 'agent-launched' && line.taskId === '1') child.kill('SIGKILL');
    });
    await expect.poll(() => existsSync(join(parent, 'began')), { timeout: 60_000 }).toBe(true);
    for (const flags of [[], ['--dry-run'], ['--force-dirty', '--force-unmerged']]) {
      const text = await said(bench, 'clean', ...flags);
      expect(text).toContain(`kept ${worktree}`);
      expect(text).toContain('has not finished');
      expect(existsSync(join(worktree, 'one.txt'))).toBe(true);
    }
    const abandon = command(await said(bench, 'clean'), 'pwt clean --abandon');
    expect(await said(bench, ...abandon)).toContain('gave up 1; what it had is in a snapshot: pwt restore 1');
    expect(existsSync(worktree)).toBe(false);
    // The agent is gone for good: nothing waits for the go any more.
    writeFileSync(join(parent, 'go'), '');
    const resumed = await bench.pwt(['resume', '--json']);
    expect(resumed.stdout).not.toContain('"agent-launched","taskId":"1"');
    expect(readFileSync(join(parent, 'began'), 'utf8')).toBe('x\n');
    const back = join(parent, 'back');
    await said(bench, 'restore', '1', '--to', back);
    expect(readFileSync(join(back, 'one.txt'), 'utf8')).toBe('half\n');
  });
});

describe('pwt restore', () => {
  it('finds what a failed agent left, before and after retry and clean, also by its old run', async () => {
    const bench = await makeBench({
      ...spec(1, 'one.txt', '@append one.txt first', '@append new.txt untracked', '@exit 3'),
    });
    const first = await bench.pwt(RUN);
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toContain('"type":"snapshot-taken"');
    expect(await said(bench, 'status')).toContain('What 1 left behind is kept in snapshots.');
    const shown = await said(bench, 'restore', '1');
    expect(shown).toContain('failed');
    expect(shown).toContain('A new.txt');
    // The command that it names works as it stands.
    const restore = command(shown, 'pwt restore 1 --to');
    await said(bench, ...restore);
    expect(readFileSync(join(restore.at(-1) ?? '', 'new.txt'), 'utf8')).toBe('untracked\n');
    const occupied = await bench.pwt(restore);
    expect(occupied.stderr).toContain('PWT_RESTORE_OCCUPIED');

    const worktree = join(bench.repository.parent, `${basename(bench.repository.path)}-wt1`);
    writeFileSync(join(worktree, 'by-hand.txt'), 'mine\n');
    const retried = await bench.pwt(['retry', '1', '--fresh']);
    expect(retried.stdout).toContain('what it had is kept (before it starts over: retried by the user)');
    const kept = JSON.parse(await said(bench, 'restore', '1', '--json')) as {
      snapshots: { number: number; runId: string; changes: { path: string }[] }[];
    };
    expect(kept.snapshots.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(kept.snapshots[1]?.changes.map(({ path }) => path)).toContain('by-hand.txt');

    const cleaned = await said(bench, 'clean', '--force-dirty', '--force-unmerged', '1');
    expect(cleaned).toContain(`removed ${worktree}`);
    const runId = kept.snapshots[0]?.runId ?? '';
    await said(bench, 'restore', '1', '--run', runId, '--number', '2', '--branch', 'mine');
    expect(await bench.repository.git('show', 'mine:by-hand.txt')).toBe('mine');
    expect(await bench.repository.git('status', '--porcelain')).toBe('');

    // What is not there is no empty list.
    const other = await bench.pwt(['restore', '1', '--number', '9']);
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('no snapshot no. 9')]);
    const unknown = await bench.pwt(['restore', '--run', 'nope']);
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('PWT_RUN_UNKNOWN')]);
    const finished = await bench.pwt(['clean', '--abandon', '1']);
    expect([finished.exitCode, finished.stderr]).toEqual([2, expect.stringContaining('no tasks to give up')]);
  });

  it('lists what is kept for a time at each clean, and deletes nothing that was not listed', async () => {
    const bench = await makeBench({
      'pwt.config.json': JSON.stringify({ trashDays: 0 }),
      ...spec(1, 'one.txt', '@append one.txt first', '@exit 3'),
    });
    await bench.pwt(RUN);
    expect(await said(bench, 'clean', '--dry-run')).toContain('snapshot of task 1');
    expect(await said(bench, 'clean')).toContain('the first pwt clean after');
    expect(await said(bench, 'restore')).toContain('no. 1');
    expect(await said(bench, 'clean', '--dry-run')).toContain('would delete snapshot of task 1');
    expect(await said(bench, 'restore')).toContain('no. 1');
    expect(await said(bench, 'clean')).toContain('deleted snapshot of task 1');
    expect(await said(bench, 'restore')).toContain('No snapshots');
    const missing = await bench.pwt(['restore', '1']);
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('PWT_SNAPSHOT_UNKNOWN')]);
  });
});
