import { Queue } from 'bullmq';
import { describe, expect, it, vi } from 'vitest';
import { type Deferred, deferred } from '../../test/deferred.js';
import { useFleets } from '../../test/fleet-hooks.js';
import { timings } from '../../test/fleet-stage.js';
import { KEY_PREFIX } from '../protocol/names.js';
import { RedisConnections } from '../redis/connections.js';
import type { ServedJob } from './link.js';
import { QueueWorker } from './queue-worker.js';

const stage = useFleets();

/** A queue worker whose jobs end when the test says so. */
function start(concurrency: number, name = 'one') {
  const redis = new RedisConnections(stage.server.options, timings);
  const queue = new Queue('jobs', { connection: redis.commands, prefix: KEY_PREFIX });
  const open = new Map<string, Deferred<void>>();
  const taken: string[] = [];
  const trouble: string[] = [];
  const worker = new QueueWorker(redis, {
    queue: 'jobs',
    worker: name,
    concurrency,
    process: async ({ id }: ServedJob) => {
      taken.push(id);
      const end = deferred();
      open.set(id, end);
      await end.promise;
      open.delete(id);
      return id;
    },
    refused: () => undefined,
    onTrouble: (text) => trouble.push(text),
  });
  stage.after(() => {
    for (const end of open.values()) end.resolve();
    redis.close();
  });
  return {
    ...{ redis, queue, worker, open, taken, trouble },
    add: (...ids: string[]) => Promise.all(ids.map((id) => queue.add('n', {}, { jobId: id }))),
    end: (id: string) => open.get(id)?.resolve(),
    takes: (count: number) => vi.waitFor(() => expect(taken).toHaveLength(count)),
  };
}

describe('QueueWorker', () => {
  it('takes as many at once as it is told, and more or fewer from one moment to the next', async () => {
    const one = start(1);
    await one.add('a', 'b', 'c', 'd');
    await one.takes(1);
    one.worker.setConcurrency(3);
    await one.takes(3);
    one.worker.setConcurrency(1);
    one.end('a');
    one.end('b');
    await vi.waitFor(async () => expect(await one.queue.getCompletedCount()).toBe(2));
    expect(one.taken).toHaveLength(3);
    one.end('c');
    await one.takes(4);
  });

  it('takes none at 0, so that others do; and begins again', async () => {
    const paused = start(0, 'paused');
    const other = start(8, 'other');
    await paused.add('a', 'b', 'c');
    await other.takes(3);
    expect(paused.taken).toEqual([]);
    other.worker.setConcurrency(0);
    for (const id of ['a', 'b', 'c']) other.end(id);
    await vi.waitFor(async () => expect(await other.queue.getCompletedCount()).toBe(3));
    paused.worker.setConcurrency(2);
    await paused.add('d', 'e');
    await paused.takes(2);
    expect(other.taken).toHaveLength(3);
  });

  it('gives a job back that came just as it was paused', async () => {
    const paused = start(1, 'paused');
    await vi.waitFor(async () =>
      expect(String(await stage.server.command('CLIENT', 'LIST'))).toContain('cmd=bzpopmin'),
    );
    paused.worker.setConcurrency(0);
    await paused.add('a');
    const other = start(1, 'other');
    await other.takes(1);
    expect(paused.taken).toEqual([]);
    expect(paused.trouble).toEqual([]);
  });

  it('removes no answer that waits to be taken, whatever its clock says', async () => {
    const one = start(2);
    await one.add('a', 'b');
    await one.takes(2);
    one.end('a');
    await vi.waitFor(async () => expect(await one.queue.getCompletedCount()).toBe(1));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 3600_000 });
    try {
      one.end('b');
      await vi.waitFor(async () => expect(await one.queue.getCompletedCount()).toBe(2));
    } finally {
      vi.useRealTimers();
    }
    expect((await one.queue.getJob('a'))?.returnvalue).toBe('a');
    // But it does not stay for ever.
    await vi.waitFor(async () => expect(await stage.server.command('PTTL', 'pwt:jobs:a')).toBeGreaterThan(0));
  });

  it('ends when what it works on has its answers in Redis', async () => {
    const one = start(2);
    await one.add('a', 'b');
    await one.takes(2);
    const closed = vi.fn();
    const closing = one.worker.close().then(closed);
    await one.add('c');
    one.end('a');
    await vi.waitFor(async () => expect(await one.queue.getCompletedCount()).toBe(1));
    expect(closed).not.toHaveBeenCalled();
    one.end('b');
    await closing;
    expect(await one.queue.getCompletedCount()).toBe(2);
    expect(one.taken).toHaveLength(2);
    expect(one.trouble).toEqual([]);
  });

  it('ends where Redis is gone: at once, or when what it works on has ended', async () => {
    const [one, two] = [start(2), start(2)];
    await one.add('a', 'b', 'c', 'd');
    await vi.waitFor(() => expect(one.taken.length + two.taken.length).toBe(4));
    await stage.server.kill();
    await one.worker.close({ now: true });
    const closed = vi.fn();
    const closing = two.worker.close().then(closed);
    const [last] = two.taken;
    for (const id of two.taken) if (id !== last) two.end(id);
    await vi.waitFor(() => expect([...two.open.keys()]).toEqual([last]));
    expect(closed).not.toHaveBeenCalled();
    two.end(last ?? '');
    await closing;
  });
});
