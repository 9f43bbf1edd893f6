import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptOf, ExchangeStage, write } from '../../test/exchange-stage.js';
import { commitWork } from '../worker/mirror/result-commit.js';
import { refs } from './refs.js';
import { isTombstone } from './tombstone.js';

const exit = { kind: 'exited', exitCode: 0, durationMs: 5 } as const;

/** A task whose agent has worked on a worker, and the commit of its state. */
async function worked(stage: ExchangeStage, taskId = '1') {
  const exchange = await stage.exchange();
  const base = await stage.head();
  await exchange.offer('r1', base);
  const worker = await stage.worker();
  const workspace = await worker.place(taskId, base);
  write(workspace.path, { b: 'b\n' });
  const attempt = attemptOf(taskId);
  const result = await commitWork(worker, { workspace, attempt, exit });
  return { exchange, worker, workspace, attempt, base, result: result ?? '' };
}

describe.each(['sha1', 'sha256'] as const)('in a repository of the format %s', (format) => {
  it('a commit gets to a worker, and its work comes back', async () => {
    const stage = await ExchangeStage.create({ a: 'a\n' }, { format });
    const { exchange, worker, attempt, result, base } = await worked(stage);
    const ref = refs.attempt(attempt);
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('published');
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('published');
    await exchange.take({ ref, commit: result, into: 'refs/pwt/r1/results/1/1' });
    expect(await stage.project.text(['rev-parse', 'refs/pwt/r1/results/1/1^1'])).toBe(base);
    expect(await stage.project.text(['show', `${result}:b`])).toBe('b');
    expect(await exchange.exitOf(attempt, result)).toEqual(exit);
    expect(await exchange.giveUp(attempt)).toEqual({ status: 'finished', ref, commit: result });
  });

  it('an attempt that is given up has no result any more, whoever asks', async () => {
    const stage = await ExchangeStage.create({ a: 'a\n' }, { format });
    const { exchange, worker, attempt, result } = await worked(stage);
    expect(await exchange.giveUp(attempt)).toEqual({ status: 'given-up' });
    expect(await (await stage.exchange()).giveUp(attempt)).toEqual({ status: 'given-up' });
    const ref = refs.attempt(attempt);
    expect(await worker.mirror.publish(ref, result, 'create')).toBe('taken');
    expect(await worker.mirror.look(ref)).toBe('given-up');
    expect(isTombstone((await stage.remoteRefs())[ref] ?? '')).toBe(true);
  });
});
