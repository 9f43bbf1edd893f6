import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isOpenError } from '@pwt/core';
import { TemporaryRepository } from '@pwt/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { createCoordinator } from '../src/create-coordinator.js';
import type { RunResult } from '../src/operations/run/run-result.js';
import type { Status } from '../src/operations/status/status.js';
import { type Cell, cells } from './foreign-hands/cells.js';

const run = promisify(execFile);

/** Every cell, or one in so many. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 11;
const OFFSET = 1;

/** What the user has in the checkout before the run. */
const USERS_OWN = [' M mine.txt', '?? note.txt'];

const chosen = cells.filter((_, index) => index % STEP === OFFSET % STEP);

describe('foreign hands: what an agent does to a repository that is not its own', () => {
  let done = 0;
  afterAll(() => {
    console.log(`foreign hands: ${done} of ${cells.length} cells`);
  });

  for (const cell of chosen) {
    it(cell.name, { timeout: 120_000 }, async () => {
      const repository = await TemporaryRepository.create({
        'specs/SPEC-1-one.md': '# SPEC-1: One\n\n**File**: `one.txt`\n',
        'mine.txt': 'm\n',
      });
      try {
        await play(repository, cell);
        done += 1;
      } finally {
        await repository.dispose();
      }
    });
  }
});

async function play(repository: TemporaryRepository, cell: Cell): Promise<void> {
  await repository.write({ 'first.txt': '1\n' });
  await repository.commitAll('First');
  await repository.write({ 'second.txt': '2\n' });
  await repository.commitAll('Second');
  await repository.git('tag', 'v1');
  await repository.write({ 'mine.txt': 'edited\n', 'note.txt': 'n\n' });

  const { result, land } = await runIn(repository, cell);
  const named = result.findings.filter(({ kind, taskIds }) => kind === cell.kind && taskIds.includes('1'));
  expect(named, JSON.stringify(result.findings)).not.toEqual([]);
  expect(result.success).toBe(cell.lands ?? true);

  if (cell.lands === false) {
    for (const { severity, hint = '' } of result.findings)
      if (severity === 'error') await follow(repository, hint);
    // What only a decision puts right stays; all else is as it was.
    const open = (await statusOf(repository)).findings.filter(isOpenError);
    expect(open.every(({ hint }) => hint?.includes('--onto-rewritten'))).toBe(true);
    const ontoRewritten = result.findings.some(({ hint }) => hint?.includes('--onto-rewritten'));
    const later = await land(ontoRewritten);
    expect(later.totals, JSON.stringify(later.diagnostics)).toMatchObject({ landed: 1 });
  }
  if (cell.after !== undefined) await shell(repository, cell.after);
  // Nothing that landed is staged to be taken back, and nothing of the user's is lost.
  const status = (await repository.git('status', '--porcelain', '--untracked-files=all')).split('\n');
  expect(status.sort()).toEqual([...USERS_OWN, ...(cell.left ?? [])].sort());
  expect((await repository.git('show', 'main:one.txt')).trim()).toBe('work');
}

/** A run of one task whose agent does its work, and then what the cell says. */
async function runIn(repository: TemporaryRepository, { act }: Cell) {
  const work = 'echo work >one.txt && git add one.txt && git commit -q -m work';
  const open = () =>
    createCoordinator({
      cwd: repository.path,
      env: { ...repository.env, MAIN: repository.path },
      agent: { command: ['sh', '-c', `${work} && ${act}`] },
      ...{ maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0 },
    });
  const coordinator = await open();
  const result = await coordinator.run({ autoApprove: true });
  await coordinator.dispose();
  const land = async (ontoRewritten: boolean): Promise<RunResult> => {
    const later = await open();
    try {
      return await later.land({ ontoRewritten });
    } finally {
      await later.dispose();
    }
  };
  return { result, land };
}

async function statusOf({ path: cwd, env }: TemporaryRepository): Promise<Status> {
  const coordinator = await createCoordinator({ cwd, env });
  try {
    return await coordinator.status();
  } finally {
    await coordinator.dispose();
  }
}

/** Runs the git command that a hint ends with. */
async function follow(repository: TemporaryRepository, hint: string): Promise<void> {
  const command = /: (git .*)$/.exec(hint)?.[1];
  if (command !== undefined) await shell(repository, command);
}

async function shell({ path, env }: TemporaryRepository, command: string): Promise<void> {
  await run('sh', ['-c', command], { cwd: path, env });
}
