import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptKey } from '../../protocol/operations.js';
import type { WorkerRepository } from '../context.js';
import { hasLease, RunNotes, type RunRecord } from './records.js';

interface TaskKey {
  readonly runId: string;
  readonly taskId: string;
}

/** The numbers of the attempts of a task that have ever been here, until their run is closed. */
export async function attemptsHere(
  { attemptsDir }: WorkerRepository,
  { runId, taskId }: TaskKey,
): Promise<number[]> {
  const names = await namesIn(join(attemptsDir, runId, taskId));
  return names.map(Number).filter(Number.isSafeInteger);
}

/** Of every attempt whose agent was given to this worker in a repository, and whose folder still says so. */
export async function recordedAttempts(repository: WorkerRepository): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const runId of await namesIn(repository.attemptsDir)) {
    for (const taskId of await namesIn(join(repository.attemptsDir, runId))) {
      for (const number of await attemptsHere(repository, { runId, taskId })) {
        const record = await new RunNotes(repository.attemptDir({ runId, taskId, number })).read('run');
        if (record !== undefined) records.push(record);
      }
    }
  }
  return records;
}

/**
 * The workspace of a task is gone: prompts, logs and notes of its attempts go, too. What is left of each is that it was here, so that a
 * job which comes late starts no agent again. One that may have something to bring yet keeps all of it.
 */
export async function emptyAttempts(repository: WorkerRepository, task: TaskKey): Promise<void> {
  for (const number of await attemptsHere(repository, task)) {
    const attempt = { ...task, number };
    const notes = new RunNotes(repository.attemptDir(attempt));
    if ((await notes.read('over')) === undefined) {
      if (!(await hasBroughtAll(repository, attempt, notes))) continue;
      await notes.write('over', {});
    }
    for (const name of await readdir(notes.dir))
      if (name !== notes.nameOf('over')) await rm(join(notes.dir, name), { recursive: true, force: true });
  }
}

/** A run is closed: nothing stays of its tasks that have no workspace here, but what may still have something to bring. */
export async function forgetAttempts(repository: WorkerRepository, runId: string): Promise<void> {
  const run = join(repository.attemptsDir, runId);
  const there = new Set((await repository.provider.list({ runId })).map(({ taskId }) => taskId));
  for (const taskId of await namesIn(run)) {
    if (there.has(taskId)) continue;
    const task = { runId, taskId };
    await emptyAttempts(repository, task);
    for (const number of await attemptsHere(repository, task)) {
      const notes = new RunNotes(repository.attemptDir({ ...task, number }));
      if ((await notes.read('over')) !== undefined) await rm(notes.dir, { recursive: true, force: true });
    }
    await removeIfEmpty(join(run, taskId));
  }
  await removeIfEmpty(run);
}

/** The runs of which something is left here, with the time in milliseconds since the epoch when the last task of each has come. */
export async function runsLeft({ attemptsDir }: WorkerRepository): Promise<ReadonlyMap<string, number>> {
  const runs = new Map<string, number>();
  for (const runId of await namesIn(attemptsDir))
    runs.set(runId, (await stat(join(attemptsDir, runId))).mtimeMs);
  return runs;
}

/** Its agent has brought its work and its logs, was stopped by the operator, or was never started. */
async function hasBroughtAll(
  repository: WorkerRepository,
  attempt: AttemptKey,
  notes: RunNotes,
): Promise<boolean> {
  for (const name of ['report', 'left'] as const) if ((await notes.read(name)) !== undefined) return true;
  return !(await hasLease(repository, attempt));
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
