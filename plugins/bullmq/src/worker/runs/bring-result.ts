import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentExit, PwtError } from '@pwt/core';
import { refs } from '../../exchange/refs.js';
import type { RunReport } from '../../protocol/operations.js';
import type { WorkerRepository } from '../context.js';
import { noteMade } from '../made.js';
import { commitWork } from '../mirror/result-commit.js';
import type { RunNotes, RunRecord, RunResult } from './records.js';

export interface BringRequest {
  readonly repository: WorkerRepository;
  readonly record: RunRecord;
  readonly notes: RunNotes;
  /** The name of this worker. */
  readonly worker: string;
  readonly exit: AgentExit;
}

/**
 * Puts what has come of an attempt on the exchange: its work, how it ended, its logs. May be called again, also by another process:
 * the same commit is pushed.
 */
export async function bringResult(request: BringRequest): Promise<RunReport> {
  const { repository, record, notes, worker } = request;
  const { mirror } = repository;
  const { attempt } = record;
  const { exit, commit } = await resultOf(request);
  const ref = refs.attempt(attempt);
  const isOurs = (await mirror.publish(ref, commit, 'create')) === 'published';
  const late = { ref: refs.late(attempt, worker), commit };
  if (isOurs) await noteMade(repository, record.workspace.id, commit);
  else await mirror.publish(late.ref, commit, 'replace');
  const dir = repository.attemptDir(attempt);
  const ship = (name: string) =>
    mirror.ship(join(dir, `${name}.log`), refs.log(attempt.runId, logName(record, name)));
  const report: RunReport = {
    exit,
    ...(isOurs ? { result: commit } : { late }),
    ...{ stdout: await ship('stdout'), stderr: await ship('stderr') },
    record: await textOf(join(dir, 'agent.json')),
  };
  await notes.write('report', report);
  return report;
}

/** The commit is on record before it is pushed: an answer that was lost must not lead to another one. */
async function resultOf({ repository, record, notes, exit }: BringRequest): Promise<RunResult> {
  const known = await notes.read('result');
  if (known !== undefined) return known;
  const { attempt, workspace } = record;
  const { runId, taskId, number } = attempt;
  const commit = await commitWork(repository, { workspace, attempt: { runId, taskId, number }, exit });
  if (commit === undefined)
    throw new PwtError('PWT_GIT_FAILED', `The work of task ${taskId} could not be committed.`);
  const result = { exit, commit };
  await notes.write('result', result);
  return result;
}

/** `stdout.log` and `stderr.log` of an attempt, as the end of a ref. */
function logName({ attempt: { taskId, number } }: RunRecord, stream: string): string {
  return `${taskId}/${number}/${stream}`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
