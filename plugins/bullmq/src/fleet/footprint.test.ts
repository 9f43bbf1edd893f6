import { describe, expect, it, vi } from 'vitest';
import { useFleets } from '../../test/fleet-hooks.js';
import { place, requirement, snapshot, timings } from '../../test/fleet-stage.js';

const CALLS = process.env.PWT_PROVE === '1' ? 5000 : 1000;
/** As many at once. */
const AT_ONCE = 100;

const stage = useFleets();

describe('what is left in Redis', () => {
  it(`is the same after ${CALLS} calls as after the first ones: keys, memory`, async () => {
    const answer = { ok: true as const, value: { text: 'x'.repeat(2000) } };
    await stage.worker({ answer: async () => answer, timings: { ...timings, lockMs: 5000 } });
    const fleet = stage.fleet({ timings: { ...timings, lockMs: 5000 } });
    let number = 0;
    const round = async (count: number) => {
      for (let left = count; left > 0; left -= AT_ONCE)
        await Promise.all(
          Array.from({ length: AT_ONCE }, (_, index) => {
            number += 1;
            return index % 4 === 0
              ? fleet.place('place', requirement, place)
              : fleet.call('one', 'snapshot', snapshot, { job: `run/${number}/1` });
          }),
        );
    };
    await round(5 * AT_ONCE);
    const before = await left();
    const began = performance.now();
    await round(CALLS);
    const perSecond = (CALLS / (performance.now() - began)) * 1000;
    const after = await left();
    console.info(
      `${CALLS} calls, ${Math.round(perSecond)}/s; keys ${before.keys} -> ${after.keys}, bytes ${before.bytes} -> ${after.bytes}`,
    );
    expect(after.keys).toBeLessThanOrEqual(before.keys + 2);
    expect(await stage.server.command('EXISTS', 'pwt:q@one:completed', 'pwt:q@one:failed')).toBe(0);
    expect(after.bytes).toBeLessThan(before.bytes + 512 * 1024);
  }, 300_000);

  it('has no secret in it, and expires', async () => {
    await stage.worker();
    const fleet = stage.fleet();
    await fleet.place('place', requirement, place);
    await fleet.call('one', 'snapshot', snapshot);
    await fleet.markStopped({ runId: 'run', taskId: '001', number: 1 });
    const keys = (await stage.server.command('KEYS', '*')) as string[];
    expect(keys.filter((key) => !key.startsWith('pwt:'))).toEqual([]);
    for (const key of keys) {
      const dump = String(await stage.server.command('DUMP', key));
      expect(`${key} ${dump}`).not.toContain(stage.server.options.password);
    }
    // Sets of names: what they name expires, and they are cleared of it.
    await vi.waitFor(async () => {
      const lasting = [];
      for (const key of keys) if ((await stage.server.command('PTTL', key)) === -1) lasting.push(key);
      expect(lasting.sort()).toEqual(['pwt:q:requirements', 'pwt:q:workers']);
    });
  });
});

/** Apart from what one of the beats has just written. */
async function left(): Promise<{ keys: number; bytes: number }> {
  await stage.server.command('MEMORY', 'PURGE');
  const info = String(await stage.server.command('INFO', 'memory'));
  const keys = (await stage.server.command('DBSIZE')) as number;
  return { keys, bytes: Number(/used_memory_dataset:(\d+)/.exec(info)?.[1]) };
}
