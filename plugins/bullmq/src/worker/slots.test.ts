import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('the slots of a worker', () => {
  it('are taken by workspaces that were placed, and by agents that work', async () => {
    const slots = new Slots(2);
    expect([slots.free, slots.isIdle]).toEqual([2, true]);
    slots.reserve('a');
    slots.reserve('a');
    expect([slots.free, slots.working, slots.isIdle]).toEqual([1, 0, false]);
    const leave = await slots.enter('a');
    expect([slots.free, slots.working]).toEqual([1, 1]);
    slots.reserve('a');
    expect(slots.free).toBe(1);
    leave();
    leave();
    expect([slots.free, slots.isIdle]).toEqual([2, true]);
  });

  it('make an agent without a place wait, and one that is found running not', async () => {
    const slots = new Slots(1);
    const leave = await slots.enter('a');
    const entered: string[] = [];
    const waiting = slots.enter('b').then((left) => {
      entered.push('b');
      return left;
    });
    const found = await slots.enter('c', { isRunning: true });
    expect([entered, slots.working, slots.free]).toEqual([[], 2, 0]);
    leave();
    found();
    (await waiting)();
    expect(slots.free).toBe(1);
  });

  it('are given in the order of the calls, and not to one that has given up', async () => {
    const slots = new Slots(1);
    const leave = await slots.enter('a');
    const abort = new AbortController();
    const first = slots.enter('b', { abortSignal: abort.signal });
    const second = slots.enter('c');
    abort.abort(new Error('no more'));
    await expect(first).rejects.toThrow('no more');
    leave();
    (await second)();
    expect(slots.isIdle).toBe(true);
    await expect(slots.enter('d', { abortSignal: abort.signal })).resolves.toBeTypeOf('function');
  });

  it('keep a place only as long as it is reserved', () => {
    const slots = new Slots(1);
    let cancelled = 0;
    slots.reserve('a', () => {
      cancelled += 1;
    });
    slots.release('a');
    slots.release('a');
    expect([slots.free, cancelled]).toEqual([1, 1]);
  });

  it('tell each change', async () => {
    const seen: number[] = [];
    const slots: Slots = new Slots(1, () => seen.push(slots.free));
    slots.reserve('a');
    (await slots.enter('a'))();
    expect(seen).toEqual([0, 0, 1]);
  });
});
