import { describe, expect, it } from 'vitest';
import { TaskRuns } from './task-runs.js';

/** A job and the means to end it. */
function makeJob(name: string, seen: string[]) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const job = async () => {
    seen.push(`${name} begins`);
    await ended;
    seen.push(`${name} ends`);
  };
  return { job, end };
}

describe('TaskRuns', () => {
  it('begins a task again only when its earlier attempt has unwound', async () => {
    const seen: string[] = [];
    const [first, second, other] = [makeJob('1/1', seen), makeJob('1/2', seen), makeJob('2', seen)];
    const runs = new TaskRuns();
    void runs.begin('1', first.job);
    const again = runs.begin('1', second.job);
    void runs.begin('2', other.job);
    await new Promise(setImmediate);
    expect(seen).toEqual(['1/1 begins', '2 begins']);
    second.end();
    first.end();
    await again;
    expect(seen).toEqual(['1/1 begins', '2 begins', '1/1 ends', '1/2 begins', '1/2 ends']);
    expect([...runs.taskIds]).toEqual(['2']);
  });

  it('works on a task until the last attempt has ended', async () => {
    const first = makeJob('1/1', []);
    const second = makeJob('1/2', []);
    const runs = new TaskRuns();
    const before = runs.begin('1', first.job);
    const again = runs.begin('1', second.job);
    first.end();
    await before;
    expect([...runs.taskIds]).toEqual(['1']);
    second.end();
    await again;
    expect(runs.isIdle).toBe(true);
  });

  it('hands on what a job fails with', async () => {
    const runs = new TaskRuns();
    await expect(runs.begin('1', () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(runs.isIdle).toBe(true);
  });
});
