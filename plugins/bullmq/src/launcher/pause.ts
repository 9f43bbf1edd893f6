import type { Clock } from '@pwt/core';

/** Resolves after a time, by a clock. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
