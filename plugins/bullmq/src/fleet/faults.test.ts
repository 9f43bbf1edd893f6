import { beforeEach, describe, expect, it, vi } from 'vitest';
import { held, useFleets } from '../../test/fleet-hooks.js';
import { place, requirement, snapshot, timings } from '../../test/fleet-stage.js';
import { Network } from '../../test/proxy.js';
import { inTheProof } from '../../test/redis-server.js';

const stage = useFleets();
beforeEach(({ skip }) => inTheProof(skip));

/** Waits for so many readings of who is there. */
async function readings(fleet: ReturnType<typeof stage.fleet>, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await fleet.workers();
}

describe('a job that Redis forgets', () => {
  it('is added again under its id; its worker joins what it is doing', async () => {
    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const call = stage.fleet().call('one', 'snapshot', snapshot, { job: 'run/001/1' });
    await hold.taken.promise;
    await stage.server.command('FLUSHALL');
    await vi.waitFor(async () =>
      expect(await stage.server.command('EXISTS', lock('one', 'run/001/1'))).toBe(1),
    );
    hold.release();
    expect(await call).toBe('done');
    expect(one.taken.map(({ id }) => id)).toEqual(['run/001/1']);
    expect(one.refused).toEqual([]);
  });

  it('is done once more where the worker had finished it meanwhile', async () => {
    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const call = stage.fleet().call('one', 'snapshot', snapshot, { job: 'run/001/1' });
    await hold.taken.promise;
    await stage.server.command('FLUSHALL');
    hold.release();
    expect(await call).toBe('done');
    expect(new Set(one.taken.map(({ id }) => id))).toEqual(new Set(['run/001/1']));
  });
});

describe.each(['off', 'everysec', 'always'] as const)('kill -9 of Redis with AOF %s', (aof) => {
  it('loses no call: neither one that a worker has, nor one that nobody has taken', async () => {
    await stage.server.kill();
    await stage.server.startAgain({ aof });
    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet();
    const taken = fleet.call('one', 'snapshot', snapshot, { job: 'run/001/1' });
    await hold.taken.promise;
    const waiting = fleet.call('two', 'snapshot', snapshot, { job: 'run/002/1' });
    await stage.server.kill();
    await stage.server.startAgain({ aof });
    await stage.worker({ id: 'two', answer: hold.answer });
    hold.release();
    expect(await Promise.all([taken, waiting])).toEqual(['done', 'done']);
    expect(new Set(one.taken.map(({ id }) => id))).toEqual(new Set(['run/001/1']));
  });
});

describe('a worker', () => {
  it('that is silent is lost; its job goes as soon as its lock has run out', async () => {
    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet();
    const call = fleet.call('one', 'snapshot', snapshot, { job: 'run/001/1' });
    await hold.taken.promise;
    const began = performance.now();
    await one.stop({ now: true });
    await expect(call).rejects.toMatchObject({ code: 'PWT_WORKER_LOST', data: { worker: 'one' } });
    expect(performance.now() - began).toBeGreaterThan(timings.lostAfterMs);
    await vi.waitFor(async () =>
      expect(await stage.server.command('EXISTS', 'pwt:q@one:run/001/1', 'pwt:q@one:active')).toBe(0),
    );
    // It is known now: nobody waits all the time again.
    const again = performance.now();
    await expect(fleet.call('one', 'snapshot', snapshot)).rejects.toMatchObject({ code: 'PWT_WORKER_LOST' });
    expect(performance.now() - again).toBeLessThan(timings.lostAfterMs);
    // And it is not lost any more when it is back.
    await stage.worker();
    await fleet.workers();
    expect(await fleet.call('one', 'snapshot', snapshot)).toMatchObject({ by: 'one' });
  });

  it('that dies with a job that nobody wants any more leaves nothing of it', async () => {
    const hold = held();
    const one = await stage.worker({ answer: hold.answer });
    const abort = new AbortController();
    const options = { job: 'run/001/1', abortSignal: abort.signal };
    const call = stage.fleet().call('one', 'snapshot', snapshot, options);
    await hold.taken.promise;
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await vi.waitFor(() => expect(one.said).toHaveLength(1));
    expect(await stage.server.command('EXISTS', 'pwt:q@one:run/001/1')).toBe(1);
    await one.stop({ now: true });
    await vi.waitFor(
      async () =>
        expect(await stage.server.command('EXISTS', 'pwt:q@one:run/001/1', 'pwt:q@one:active')).toBe(0),
      { timeout: 5000 },
    );
  });

  it('that never was there is lost, too', async () => {
    await expect(stage.fleet().call('none', 'snapshot', snapshot)).rejects.toMatchObject({
      code: 'PWT_WORKER_LOST',
    });
  });

  it('is not lost while Redis is down, for however long', async () => {
    const hold = held();
    await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet();
    const settled = vi.fn();
    const call = fleet.call('one', 'snapshot', snapshot).finally(settled);
    await hold.taken.promise;
    await stage.server.kill();
    const began = performance.now();
    await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(3 * timings.lostAfterMs), {
      timeout: 10_000,
    });
    expect(settled).not.toHaveBeenCalled();
    await stage.server.startAgain();
    hold.release();
    expect(await call).toBe('done');
  });

  it('is not lost while Redis hangs, and every connection stays open', async () => {
    const hold = held();
    await stage.worker({ answer: hold.answer });
    const call = stage.fleet().call('one', 'snapshot', snapshot);
    await hold.taken.promise;
    stage.server.freeze();
    hold.release();
    const began = performance.now();
    await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(2 * timings.lostAfterMs), {
      timeout: 10_000,
    });
    stage.server.thaw();
    expect(await call).toBe('done');
  });

  it('is not lost while the coordinator alone is cut off', async () => {
    const network = await Network.to(stage.server.port);
    stage.after(() => network.close());
    const hold = held();
    await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet({ redis: network.options(stage.server.options) });
    const call = fleet.call('one', 'snapshot', snapshot);
    await hold.taken.promise;
    network.cut();
    hold.release();
    const began = performance.now();
    await vi.waitFor(() => expect(performance.now() - began).toBeGreaterThan(2 * timings.lostAfterMs), {
      timeout: 10_000,
    });
    network.heal();
    expect(await call).toBe('done');
  });

  it('that dies with a job has it again when it is back: whoever waits puts it back', async () => {
    const hold = held();
    const dead = await stage.worker({ answer: hold.answer });
    const fleet = stage.fleet({ timings: { ...timings, lostAfterMs: 20_000 } });
    const call = fleet.call('one', 'snapshot', snapshot, { job: 'run/001/1' });
    await hold.taken.promise;
    await dead.stop({ now: true });
    await vi.waitFor(async () => expect(await stage.server.command('LLEN', 'pwt:q@one:wait')).toBe(1), {
      timeout: 5000,
    });
    const back = await stage.worker();
    expect(await call).toMatchObject({ job: 'run/001/1' });
    expect(back.taken).toHaveLength(1);
  });

  it('whose lock has run out is refused when another one has done the job', async () => {
    const network = await Network.to(stage.server.port);
    stage.after(() => network.close());
    const hold = held();
    const one = await stage.worker({ redis: network.options(stage.server.options), answer: hold.answer });
    const fleet = stage.fleet();
    const placed = fleet.place('place', requirement, place);
    const { id } = await hold.taken.promise;
    network.cut();
    await stage.worker({ id: 'two' });
    expect(await placed).toMatchObject({ by: 'two', job: id });
    network.heal();
    hold.release();
    await vi.waitFor(() => expect(one.refused).toEqual([id]), { timeout: 10_000 });
  });
});

describe('a network', () => {
  it.each(['to-redis', 'from-redis', 'both'] as const)(
    'that loses everything (%s) without a word is noticed, and the call goes on when it heals',
    async (direction) => {
      const network = await Network.to(stage.server.port);
      stage.after(() => network.close());
      const hold = held();
      await stage.worker({ redis: network.options(stage.server.options), answer: hold.answer });
      const trouble: string[] = [];
      const fleet = stage.fleet({
        redis: network.options(stage.server.options),
        onTrouble: (text) => trouble.push(text),
      });
      const settled = vi.fn();
      const call = fleet.call('one', 'snapshot', snapshot).finally(settled);
      await hold.taken.promise;
      await readings(fleet, 2);
      network.drop(direction);
      hold.release();
      await vi.waitFor(() => expect(trouble.join()).toContain('Socket timeout'), { timeout: 15_000 });
      expect(settled).not.toHaveBeenCalled();
      network.heal();
      expect(await call).toBe('done');
    },
  );

  it('that is slow loses nothing', async () => {
    const network = await Network.to(stage.server.port);
    stage.after(() => network.close());
    network.delay(60);
    await stage.worker({ redis: network.options(stage.server.options) });
    const fleet = stage.fleet({ redis: network.options(stage.server.options) });
    const calls = Array.from({ length: 20 }, (_, i) =>
      fleet.call('one', 'snapshot', snapshot, { job: `run/${i}/1` }),
    );
    expect(await Promise.all(calls)).toHaveLength(20);
  });
});

function lock(worker: string, job: string): string {
  return `pwt:q@${worker}:${job}:lock`;
}
