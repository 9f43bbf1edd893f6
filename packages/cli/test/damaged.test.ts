import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

let program: string;
let bench: Workbench;
beforeAll(async () => {
  program = await buildPwt('damaged');
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
