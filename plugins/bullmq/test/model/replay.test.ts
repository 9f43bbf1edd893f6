import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryExchange } from './memory-exchange.js';
import { Replay } from './replay.js';
import { type Observed, readTraces, type Step, type Trace } from './trace.js';
import { until } from './turns.js';

const ROOT = join(import.meta.dirname, '../../../..');
const nothing: Observed = { isUp: false, journal: {}, refs: {}, late: [], integrated: [] };

describe('the real coordinator', () => {
  const traces = readTraces(join(ROOT, 'docs/model/traces'));

  it.each(traces)('does what the model does: $name', async (trace) => {
    const replay = new Replay(new MemoryExchange());
    await follow(replay, trace);
    await expectAllWell(replay);
  });
});

async function follow(replay: Replay, { name, steps }: Trace): Promise<void> {
  let expected = nothing;
  for (const [at, step] of steps.entries()) {
    const { what, task = '', number = '', worker = '' } = step;
    const label = `${name}, step ${at}: ${what} ${task} ${number} ${worker}`;
    expected = { ...expected, ...step.after };
    try {
      await replay.do(step);
    } catch (error) {
      throw new Error(label, { cause: error });
    }
    await until(async () => isSame(await replay.observe(), expected));
    // What does more than that does it now.
    await quiet();
    expect(await replay.observe(), label).toEqual(expected);
  }
}

/** Whatever the trace has left behind, every task is integrated in the end, by one attempt. */
async function expectAllWell(replay: Replay): Promise<void> {
  for (let step = await replay.repair(); step !== undefined; ) {
    await replay.do(step);
    step = await nextAfter(replay, step);
  }
  await until(() => replay.summary !== undefined);
  expect(replay.summary?.tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
    ['1', 'landed'],
    ['2', 'landed'],
  ]);
  const { integrated } = await replay.observe();
  expect(integrated.map((work) => work.split('/')[0])).toEqual(['1', '2']);
}

async function nextAfter(replay: Replay, { what, task }: Step): Promise<Step | undefined> {
  const isOther = async () => {
    const next = await replay.repair();
    return next?.what !== what || next.task !== task;
  };
  if (!(await until(isOther))) throw new Error(`After "${what}" of task ${task}, nothing happens.`);
  // It may have been on its way to where it stays.
  await quiet();
  return replay.repair();
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

function isSame(one: Observed, other: Observed): boolean {
  return expect.objectContaining(other).asymmetricMatch(one);
}
