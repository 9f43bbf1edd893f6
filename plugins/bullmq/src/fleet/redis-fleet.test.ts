import { setImmediate } from 'node:timers/promises';
import { PwtError } from '@pwt/core';
import { describe, expect, it, vi } from 'vitest';
import { deferred } from '../../test/deferred.js';
import { held, useFleets } from '../../test/fleet-hooks.js';
import { place, requirement, snapshot, timings } from '../../test/fleet-stage.js';
import { answerOf } from '../protocol/answer.js';
import { sharedQueue } from '../protocol/names.js';

// No lock runs out while this machine is busy: such a job is given to a worker again.
const stage = useFleets({}, { ...timings, lockMs: 30_000 });

describe('RedisFleet', () => {
  it('has work done by any worker that takes it, and by one that it names', async () => {
    await stage.worker();
    const fleet = stage.fleet();
    expect(await fleet.place('place', requirement, place)).toMatchObject({ by: 'one' });
    expect(await fleet.call('one', 'snapshot', snapshot, { job: 'a/b/1' })).toMatchObject({ job: 'a/b/1' });
    expect((await fleet.workers()).map(({ id }) => id)).toEqual(['one']);
    expect(fleet.lastKnown('one')).toMatchObject({ state: 'ready' });
    expect(fleet.lastKnown('two')).toBeUndefined();
  });

  it('throws what the operation has thrown', async () => {
    const error = new PwtError('PWT_EXCHANGE_MISSING', 'not there', { hint: 'h', data: { commit: 'c' } });
    await stage.worker({ answer: () => answerOf(() => Promise.reject(error)) });
    await expect(stage.fleet().call('one', 'snapshot', snapshot)).rejects.toMatchObject({
      code: 'PWT_EXCHANGE_MISSING',
      message: 'not there',
      hint: 'h',
      data: { commit: 'c' },
    });
  });

  it('says that a job has failed, or was answered with something that is no answer', async () => {
    let answer: () => Promise<unknown> = () => Promise.reject(new Error('broken'));
    await stage.worker({ answer: () => answer() as never });
    const fleet = stage.fleet();
    await expect(fleet.call('one', 'snapshot', snapshot)).rejects.toMatchObject({
      code: 'PWT_WORKER_JOB_FAILED',
      message: expect.stringContaining('broken'),
    });
    answer = async () => ({ ok: false, error: 'x' });
    await expect(fleet.call('one', 'snapshot', snapshot)).rejects.toMatchObject({
      code: 'PWT_WORKER_JOB_FAILED',
    });
  });

  it('passes progress on', async () => {
    const hold = held();
    await stage.worker({ answer: hold.answer });
    const seen = deferred<unknown>();
    const call = stage.fleet().call('one', 'run', {} as never, { onProgress: seen.resolve });
    await (await hold.taken.promise).progress({ tail: 'x' } as never);
    expect(await seen.promise).toEqual({ tail: 'x' });
    hold.release();
    expect(await call).toBe('done');
  });

  it('answers all who wait for the same job, and tells them the same meanwhile', async () => {
    const hold = held();
    const { taken } = await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet();
    const heard: unknown[][] = [[], []];
    const both = heard.map((one) => {
      const told = deferred();
      const onProgress = (progress: unknown) => {
        one.push(progress);
        told.resolve();
      };
      return { told, answer: fleet.call('one', 'run', {} as never, { job: 'a/b/1', onProgress }) };
    });
    const progress = { tail: 'x' };
    await (await hold.taken.promise).progress(progress as never);
    // What is said just before the end may come after the answer, and nobody waits for it then.
    await Promise.all(both.map(({ told }) => told.promise));
    hold.release();
    expect(await Promise.all(both.map(({ answer }) => answer))).toEqual(['done', 'done']);
    expect(heard).toEqual([[progress], [progress]]);
    expect(taken).toHaveLength(1);
  });

  it('gives the answer to a placement again to who asks for the same job', async () => {
    const { taken } = await stage.worker();
    const job = 'place-1';
    const first = await stage.fleet().place('place', requirement, place, { job });
    expect(await stage.fleet().place('place', requirement, place, { job })).toEqual(first);
    expect(taken).toHaveLength(1);
  });

  it('has a placement done again whose answer was kept and has expired', async () => {
    const { taken } = await stage.worker();
    const job = 'place-1';
    const fleet = stage.fleet();
    await fleet.place('place', requirement, place, { job });
    await stage.server.command('DEL', `pwt:${sharedQueue('q', requirement)}:${job}`);
    expect(await fleet.place('place', requirement, place, { job })).toMatchObject({ job });
    expect(taken).toHaveLength(2);
  });

  it('waits for a worker that is not there yet', async () => {
    const placed = stage.fleet().place('place', requirement, place);
    await stage.worker();
    expect(await placed).toMatchObject({ by: 'one' });
  });

  it('names all workers, and why they refuse', async () => {
    await stage.worker({ id: 'one', refuses: 'its label gpu is not set' }, { listens: false });
    await stage.worker({ id: 'two', refuses: 'the agent claude is not allowed' }, { listens: false });
    await expect(stage.fleet().place('place', requirement, place)).rejects.toMatchObject({
      code: 'PWT_WORKER_REFUSES',
      message:
        'No worker takes this task: one: its label gpu is not set; two: the agent claude is not allowed.',
    });
    expect(await jobsLeft()).toEqual([]);
  });

  it('waits while one of them does not refuse', async () => {
    await stage.worker({ id: 'one', refuses: 'no' }, { listens: false });
    await stage.worker({ id: 'two' }, { listens: false });
    const fleet = stage.fleet();
    const placed = fleet.place('place', requirement, place);
    const settled = vi.fn();
    placed.then(settled, settled);
    // The readings that would be enough, if both refused.
    for (let i = 0; i < 5; i += 1) await fleet.workers();
    await stage.worker({ id: 'three' });
    expect(await placed).toMatchObject({ by: 'three' });
    expect(settled).toHaveBeenCalledOnce();
  });

  it('is left by whoever aborts: a job that nobody has taken is gone, and a worker that has taken it is told', async () => {
    const fleet = stage.fleet();
    const early = new AbortController();
    const waiting = fleet.place('place', requirement, place, { abortSignal: early.signal });
    await vi.waitFor(async () => expect(await jobsLeft()).toHaveLength(1));
    early.abort(new Error('early'));
    await expect(waiting).rejects.toThrow('early');
    await vi.waitFor(async () => expect(await jobsLeft()).toEqual([]));

    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const late = new AbortController();
    const taken = fleet.call('one', 'snapshot', snapshot, { abortSignal: late.signal });
    const { id } = await hold.taken.promise;
    late.abort(new Error('late'));
    await expect(taken).rejects.toThrow('late');
    await vi.waitFor(() => expect(one.said).toEqual([{ v: 1, kind: 'abort', job: id }]));
    hold.release();
  });

  it('waits with what it asks for while Redis takes nothing: it is full', async () => {
    await stage.worker();
    const trouble: string[] = [];
    const fleet = stage.fleet({ onTrouble: (text) => trouble.push(text) });
    await fleet.workers();
    await stage.server.command('CONFIG', 'SET', 'maxmemory', '1');
    const call = fleet.call('one', 'snapshot', snapshot);
    await vi.waitFor(() => expect(trouble.join()).toContain('OOM'));
    await stage.server.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(await call).toMatchObject({ by: 'one' });
  });

  it('says that Redis does not let it in, and waits where Redis does not answer', async () => {
    const { options } = stage.server;
    const refused = stage.fleet({ redis: { ...options, password: 'wrong-secret' } });
    await expect(refused.check()).rejects.toMatchObject({ code: 'PWT_REDIS_REFUSED' });
    await expect(refused.call('one', 'snapshot', snapshot)).rejects.toMatchObject({
      code: 'PWT_REDIS_REFUSED',
    });

    await stage.server.kill();
    const trouble: string[] = [];
    const waiting = stage.fleet({ onTrouble: (text) => trouble.push(text) });
    await expect(waiting.check()).rejects.toMatchObject({ code: 'PWT_REDIS_UNREACHABLE' });
    const call = waiting.call('one', 'snapshot', snapshot);
    expect(await waiting.workers()).toEqual([]);
    await vi.waitFor(() => expect(trouble.join()).toContain('ECONNREFUSED'));
    await stage.server.startAgain();
    await stage.worker();
    expect(await call).toMatchObject({ by: 'one' });
    expect(trouble).toHaveLength(1);
  });

  it('is let go of in the middle of a look at a Redis that has just gone: whoever waits is told', async () => {
    const fleet = stage.fleet();
    const call = fleet.call('none', 'snapshot', snapshot);
    const ended = expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await fleet.workers();
    stage.server.freeze();
    // Longer than between two beats: one is under way now.
    const began = performance.now();
    await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(3 * timings.pollMs));
    await stage.server.kill();
    await expect(fleet.workers()).resolves.toEqual([]);
    await fleet.dispose();
    await ended;
    await expect(fleet.call('one', 'snapshot', snapshot)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('lets many wait with one signal, and Node does not take that for a leak', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const abort = new AbortController();
    const abortSignal = abort.signal;
    const fleet = stage.fleet();
    const calls = Array.from({ length: 20 }, () => fleet.place('place', requirement, place, { abortSignal }));
    abort.abort(new Error('enough'));
    await Promise.allSettled(calls);
    await setImmediate();
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it('tells a worker to stop an attempt, by a message and by a flag that outlives Redis', async () => {
    const one = await stage.worker();
    const fleet = stage.fleet();
    const attempt = { runId: 'run', taskId: '001', number: 1 };
    await fleet.control('one', { v: 1, kind: 'stop', attempt });
    await vi.waitFor(() => expect(one.said).toEqual([{ v: 1, kind: 'stop', attempt }]));
    await fleet.markStopped(attempt);
    expect(await one.link.stopped([attempt, { ...attempt, number: 2 }])).toEqual([attempt]);
    await stage.server.kill();
    await stage.server.startAgain();
    await vi.waitFor(async () => expect(await one.link.stopped([attempt])).toEqual([attempt]));
  });
});

async function jobsLeft(): Promise<string[]> {
  const keys = (await stage.server.command('KEYS', 'pwt:*')) as string[];
  const jobs: string[] = [];
  for (const key of keys)
    if (
      (await stage.server.command('TYPE', key)) === 'hash' &&
      (await stage.server.command('HEXISTS', key, 'data')) === 1
    )
      jobs.push(key);
  return jobs;
}
