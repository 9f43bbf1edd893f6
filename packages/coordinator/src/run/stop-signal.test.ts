import { describe, expect, it } from 'vitest';
import { StopSignal } from './stop-signal.js';

describe('StopSignal', () => {
  it('goes from drain to now, and never back', () => {
    const stop = new StopSignal();
    const seen: (string | undefined)[] = [];
    const end = stop.onRequest(() => seen.push(stop.mode));
    expect(stop.mode).toBeUndefined();
    stop.request('drain');
    expect(stop.signal.aborted).toBe(false);
    stop.request('now');
    expect(stop.signal.aborted).toBe(true);
    stop.request('drain');
    expect(stop.mode).toBe('now');
    expect(seen).toEqual(['drain', 'now']);
    end();
  });

  it('calls back no more once that was ended', () => {
    const stop = new StopSignal();
    let calls = 0;
    stop.onRequest(() => {
      calls += 1;
    })();
    stop.request('drain');
    expect(calls).toBe(0);
  });
});
