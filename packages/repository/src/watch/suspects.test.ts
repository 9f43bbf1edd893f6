import { describe, expect, it } from 'vitest';
import { type Span, type Suspect, type Write, weigh } from './suspects.js';

const write: Write = { from: 10_000, to: 10_005, size: 20, isNew: false, others: 0 };
const asleep = { asleep: true, lost: false, written: 0 };
const ticking = { asleep: false, lost: false, written: 3 };

/** Ten seconds of the same, and then what was done at the time of the write. */
function suspect(
  taskId: string,
  usual: Omit<Span, 'from' | 'to'>,
  at: Omit<Span, 'from' | 'to'>,
  more: Partial<Suspect> = {},
): Suspect {
  const spans = Array.from({ length: 40 }, (_, index) => ({
    from: index * 240,
    to: (index + 1) * 240,
    ...usual,
  }));
  return {
    taskId,
    spans: [...spans, { from: 9_900, to: 10_010, ...at }],
    own: 0,
    claims: false,
    weight: 1,
    ...more,
  };
}

describe('who wrote a file', () => {
  it('is the agent that wrote exactly as much, among many that are at work', () => {
    const others = ['2', '3', '4', '5', '6', '7', '8'].map((id) => suspect(id, ticking, ticking));
    const one = suspect('1', ticking, { ...ticking, written: 20 });
    expect(weigh(write, [...others, one], 3)).toMatchObject({
      isCertain: true,
      taskIds: expect.arrayContaining(['1']),
    });
    expect(weigh(write, [...others, one], 3).taskIds[0]).toBe('1');
  });

  it('is nobody of those that slept', () => {
    expect(weigh(write, [suspect('1', ticking, asleep), suspect('2', asleep, asleep)], 3)).toEqual({
      taskIds: [],
      isCertain: false,
    });
  });

  it('is not certain where an agent was only awake, as it always is: it may be the user', () => {
    const busy = { ...ticking, written: 5000 };
    expect(weigh(write, [suspect('1', busy, busy)], 3)).toEqual({ taskIds: ['1'], isCertain: false });
    expect(weigh(write, [suspect('1', asleep, busy)], 3)).toEqual({ taskIds: ['1'], isCertain: false });
    expect(weigh(write, [suspect('1', busy, busy, { claims: true })], 3).isCertain).toBe(false);
  });

  it('is not one whose output is all that it wrote', () => {
    expect(weigh(write, [suspect('1', ticking, { ...ticking, written: 0 })], 3).taskIds).toEqual([]);
  });

  it('is not one that wrote less than a new file has', () => {
    const less = suspect('1', ticking, { ...ticking, written: 19 });
    expect(weigh(write, [less], 3).taskIds).toEqual(['1']);
    expect(weigh({ ...write, isNew: true }, [less], 3).taskIds).toEqual([]);
  });

  it('counts what the agent wrote in its own worktree at the same time', () => {
    const one = suspect('1', ticking, { ...ticking, written: 120 }, { own: 100 });
    expect(weigh(write, [one, suspect('2', ticking, ticking)], 3)).toMatchObject({ isCertain: true });
  });

  it('is decided by a claim among agents, and not against somebody else', () => {
    const lost = { asleep: false, lost: true, written: 0 };
    const [one, two] = [suspect('1', asleep, lost), suspect('2', asleep, lost, { claims: true })];
    expect(weigh(write, [one, two], 3)).toEqual({ taskIds: ['2', '1'], isCertain: false });
    expect(weigh(write, [one, two], 1)).toEqual({ taskIds: ['2', '1'], isCertain: true });
  });

  it('is one whose output or process named the file', () => {
    const named = suspect('1', ticking, { ...ticking, written: 500 }, { weight: 50 });
    expect(weigh(write, [named, suspect('2', ticking, ticking)], 3)).toMatchObject({ isCertain: true });
  });

  it('goes by who was awake where nothing was written: a file was deleted', () => {
    const deleted = { ...write, size: undefined };
    expect(weigh(deleted, [suspect('1', asleep, ticking), suspect('2', asleep, asleep)], 3).taskIds).toEqual([
      '1',
    ]);
    expect(weigh(deleted, [suspect('1', asleep, ticking), suspect('2', asleep, asleep)], 1).isCertain).toBe(
      true,
    );
  });
});
