import { describe, expect, it } from 'vitest';
import { Removals } from './removals.js';

const NEVER = new Promise<void>(() => undefined);
const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at + 1));

describe('Removals', () => {
  it('are done one by one while few wait, in the order in which they landed', () => {
    const removals = new Removals();
    removals.add(['1', '2']);
    expect([removals.take(), removals.take()]).toEqual(['1', undefined]);
    removals.done();
    expect([removals.take(), removals.take()]).toEqual(['2', undefined]);
    removals.done();
    expect([removals.count, removals.take()]).toEqual([0, undefined]);
  });

  it('are done side by side when nothing else is left to do', () => {
    const removals = new Removals();
    removals.add(ids(4));
    const take = () => removals.take({ isEnding: true });
    expect([take(), take(), take(), take()]).toEqual(['1', '2', '3', undefined]);
    removals.done();
    expect(take()).toBe('4');
  });

  it('let agents start first, until too many wait', async () => {
    const removals = new Removals();
    removals.add(ids(2));
    await removals.turn(Promise.resolve());
    let isTurn = false;
    const turn = removals.turn(NEVER).then(() => {
      isTurn = true;
    });
    await new Promise(setImmediate);
    expect(isTurn).toBe(false);
    removals.add(['3', '4', '5']);
    await turn;
    await removals.turn(NEVER);
    expect([removals.take(), removals.take(), removals.take()]).toEqual(['1', '2', undefined]);
  });

  it('make room before more land, and are waited for where others do them', async () => {
    const removals = new Removals();
    removals.add(ids(14));
    const mine: string[] = [];
    const other = removals.take();
    const room = removals.roomFor(4, async () => {
      const taken = removals.take();
      if (taken === undefined) return false;
      mine.push(taken);
      removals.done();
      return true;
    });
    await room;
    expect(mine).toEqual(['2', '3']);
    expect(removals.count).toBe(12);
    expect(other).toBe('1');

    // More land at once than may wait: all that was there before has to go, the one under way included.
    let isRoom = false;
    const all = removals.roomFor(40, async () => {
      const taken = removals.take();
      if (taken !== undefined) removals.done();
      return taken !== undefined;
    });
    const seen = all.then(() => {
      isRoom = true;
    });
    await new Promise(setImmediate);
    expect([isRoom, removals.count]).toEqual([false, 1]);
    removals.done();
    await seen;
  });

  it('wait for nothing while there is a landing that waits for them', async () => {
    const removals = new Removals();
    removals.add(['1']);
    removals.take();
    const turn = removals.turn(NEVER);
    const room = removals.roomFor(16, async () => false);
    await turn;
    removals.done();
    await room;
  });
});
