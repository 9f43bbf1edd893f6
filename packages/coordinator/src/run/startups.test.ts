import { describe, expect, it } from 'vitest';
import { Startups } from './startups.js';

describe('Startups', () => {
  it('is quiet when everything that was begun has ended, and not before', async () => {
    const startups = new Startups();
    const seen: string[] = [];
    await startups.quiet();
    startups.begin('1');
    startups.begin('2');
    const quiet = startups.quiet().then(() => seen.push('quiet'));
    startups.end('1');
    startups.end('unknown');
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    startups.end('2');
    await quiet;
    expect(seen).toEqual(['quiet']);
  });

  it('is not quiet if something new was begun in the same breath', async () => {
    const startups = new Startups();
    startups.begin('1');
    let done = false;
    const quiet = startups.quiet().then(() => {
      done = true;
    });
    startups.end('1');
    startups.begin('2');
    await new Promise(setImmediate);
    expect(done).toBe(false);
    startups.end('2');
    await quiet;
  });
});

describe('letGoFirst', () => {
  it('does not wait longer than the clock says for a start that takes its time', async () => {
    const startups = new Startups();
    startups.begin('1');
    let fire: () => void = () => undefined;
    const waiting = startups.letGoFirst({
      now: () => 0,
      after: (_ms, callback) => {
        fire = callback;
        return () => undefined;
      },
    });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    fire();
    await waiting;
  });

  it('does not wait at all when nothing is being started', async () => {
    const after = () => {
      throw new Error('nothing should wait');
    };
    await new Startups().letGoFirst({ now: () => 0, after });
  });
});
