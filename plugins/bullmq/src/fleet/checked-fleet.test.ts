import { describe, expect, it } from 'vitest';
import { CheckedFleet } from './checked-fleet.js';
import type { Fleet } from './fleet.js';

const commit = 'a'.repeat(40);
const inline = { kind: 'inline', text: '' };
const workspace = {
  ...{ id: 'r1.t1', provider: 'git-worktree', kind: 'task', runId: 'r1', taskId: 't1' },
  ...{ path: '/there', branch: 'pwt/r1/t1', base: commit },
};
const exit = { kind: 'exited', exitCode: 0, durationMs: 5 };
const report = { exit, result: commit, stdout: inline, stderr: inline, record: '{}' };
const late = { ref: 'refs/pwt/late/r1/t1/1/w1', commit };

function answering(answer: unknown, progress?: unknown): CheckedFleet {
  const call = async (..._: unknown[]) => {
    const [, , , options] = _ as [unknown, unknown, unknown, { onProgress?: (told: unknown) => void }];
    if (progress !== undefined) options?.onProgress?.(progress);
    return answer;
  };
  return new CheckedFleet({ call, place: call } as unknown as Fleet);
}

const ask = (operation: string, answer: unknown) =>
  operation === 'place' || operation === 'scratch'
    ? answering(answer).place(operation, {} as never, {} as never)
    : answering(answer).call('w1', operation as 'run', {} as never);

describe('an answer', () => {
  it.each<[string, unknown]>([
    ['place', { worker: 'w1', workspace }],
    ['scratch', { worker: 'w1', workspace, setup: { durationMs: 1, log: inline } }],
    ['run', report],
    ['run', { ...report, result: undefined, late }],
    ['attach', { status: 'started', elapsedMs: 5 }],
    ['collect', { outcome: { status: 'held', findings: [] } }],
    ['collect', { outcome: { status: 'collected', commit }, ref: 'refs/pwt/asked/r1/t1/x' }],
    ['changes', [{ path: 'a', kind: 'added' }]],
    ['snapshot', {}],
    ['close', null],
  ])('to %s is handed on as it is: %j', async (operation, answer) => {
    expect(await ask(operation, answer)).toBe(answer);
  });

  it.each<[string, unknown]>([
    ['place', undefined],
    ['place', { worker: '../x', workspace }],
    ['place', { worker: 'w1', workspace: { ...workspace, path: undefined } }],
    ['place', { worker: 'w1', workspace: { ...workspace, base: '--upload-pack=x' } }],
    ['run', { ...report, result: undefined }],
    ['run', { ...report, late }],
    ['run', { ...report, result: 'HEAD' }],
    ['run', { ...report, exit: { ...exit, kind: 'lost', lostWith: 'w1' } }],
    ['run', { ...report, stdout: { kind: 'commit', ref: 'refs/heads/main', commit, path: 'file' } }],
    ['run', { ...report, result: undefined, late: { ...late, ref: 'refs/heads/main' } }],
    ['attach', { status: 'perhaps' }],
    ['collect', { outcome: { status: 'collected' } }],
    ['collect', { outcome: { status: 'collected', commit: '--all' } }],
    ['remove', null],
    ['remove', { outcome: { status: 'gone', snapshot: { commit: 'x' } } }],
    ['snapshot', { snapshot: { ref: '../../x', commit } }],
    ['changes', {}],
    ['gate', { verdict: { status: 'green', durationMs: 1 } }],
    ['close', {}],
  ])('to %s that no worker gives is refused: %j', async (operation, answer) => {
    await expect(ask(operation, answer)).rejects.toMatchObject({ code: 'PWT_WORKER_JOB_FAILED' });
  });
});

describe('progress', () => {
  const told = { elapsedMs: 1, quietMs: 1, activities: [], tail: '', offset: 0 };
  const seen = async (progress: unknown) => {
    const all: unknown[] = [];
    const onProgress = (one: unknown) => void all.push(one);
    await answering(report, progress).call('w1', 'run', {} as never, { onProgress });
    return all;
  };

  it('is handed on as it is', async () => {
    expect(await seen(told)).toEqual([told]);
  });

  it.each([
    'text',
    { ...told, offset: -1 },
    { ...told, tail: 5 },
    { ...told, elapsedMs: 'long' },
    { ...told, activities: [{ kind: 'other', text: '' }] },
    { ...told, activities: [{ kind: 'output' }] },
  ])('that no worker tells is left out: %j', async (progress) => {
    expect(await seen(progress)).toEqual([]);
  });
});
