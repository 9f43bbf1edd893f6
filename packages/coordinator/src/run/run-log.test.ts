import { type Journal, type NewRunEvent, PwtError, type RunEvent, systemClock } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { RunLog } from './run-log.js';

const warning = (message: string): NewRunEvent => ({
  type: 'warning',
  diagnostic: { code: 'PWT_TEST', severity: 'warning', message },
});

function logOn(append: Journal['append']): RunLog {
  const journal: Journal = { append, close: async () => undefined };
  return new RunLog({ runId: 'r', journal, sinks: [], clock: systemClock, sinkPatienceMs: 0 });
}

describe('a fact that is noted', () => {
  it('is in the state and on its way to the journal at once, before what is appended next', async () => {
    const seen: RunEvent[] = [];
    const log = logOn(async (event) => void seen.push(event));
    log.note(warning('noted'));
    expect(log.state.diagnostics.map(({ message }) => message)).toEqual(['noted']);
    await log.append(warning('appended'));
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('that can not be written is told by the next append, and by nothing else', async () => {
    const failure = new PwtError('PWT_JOURNAL_WRITE_FAILED', 'full');
    const log = logOn(() => Promise.reject(failure));
    log.note(warning('noted'));
    await new Promise(setImmediate);
    await expect(log.append(warning('appended'))).rejects.toBe(failure);
    await log.close();
  });

  it('that no journal could hold is told at once', () => {
    const log = logOn((event) => {
      throw new TypeError(`${event.type} has no text`);
    });
    expect(() => log.note(warning('noted'))).toThrow('no text');
    expect(log.state.diagnostics).toEqual([]);
  });
});
