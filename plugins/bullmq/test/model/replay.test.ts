import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTheProof, isProof } from '../redis-server.js';
import { GitModelExchange, GitStage } from './git-stage.js';
import type { ModelExchange } from './model-exchange.js';
import { Replay } from './replay.js';
import { type Observed, readTraces, type Step, type Trace } from './trace.js';
import { until } from './turns.js';

const ROOT = join(import.meta.dirname, '../../../..');
/** So many: they are in the order in which each shows most that the ones before do not, and the first three have every kind of step. */
const WITH_EVERY_COMMIT = 8;

const nothing: Observed = { isUp: false, journal: {}, refs: {}, late: [], integrated: [] };

describe('the real coordinator, on a real exchange', () => {
  const folder = join(ROOT, 'docs/model/traces');
  let stage: GitStage;

  beforeAll(async () => {
    stage = await GitStage.open();
  });
  afterAll(() => stage.dispose());

  it.for(readTraces(folder))('does what the model does: $name', async (trace, { skip }) => {
    if (Number(trace.name) > WITH_EVERY_COMMIT) inTheProof(skip);
    await play(new GitModelExchange(stage, trace.name), trace);
  });

  it.runIf(isProof)('does what the model does, in fresh samples', { timeout: 600_000 }, async () => {
    const seed = `0x${randomInt(2 ** 40).toString(16)}`;
    const into = await mkdtemp(join(tmpdir(), 'pwt-traces-'));
    const args = [join(ROOT, 'scripts/checks/model.mjs'), '--traces', '100', '--into', into, '--seed', seed];
    await promisify(execFile)(process.execPath, args);
    const traces = readTraces(into);
    for (const trace of traces) await play(new GitModelExchange(stage, `${seed}-${trace.name}`), trace);
    console.log(`fresh traces of the model: ${traces.length} from seed ${seed}, 0 failed`);
    await rm(into, { recursive: true });
  });

  it('would tell if a worker replaced what is there', async () => {
    class Replacing extends GitModelExchange {
      protected override readonly how = 'replace';
    }
    const trace = readTraces(folder).find(({ steps }) =>
      steps.some(({ after }) => after.late !== undefined && after.late.length > 0),
    );
    if (trace === undefined) throw new Error('no trace has late work');
    await expect(play(new Replacing(stage, 'replacing'), trace, 500)).rejects.toThrow('push');
  });

  it('would tell if an attempt were given up without asking git', async () => {
    class Hasty extends GitModelExchange {
      override async giveUp(): ReturnType<GitModelExchange['giveUp']> {
        return 'given-up';
      }
    }
    const trace = readTraces(folder).find(({ steps }) => steps.some(({ what }) => what === 'giveUp'));
    if (trace === undefined) throw new Error('no trace has an attempt that is given up');
    await expect(play(new Hasty(stage, 'hasty'), trace, 500)).rejects.toThrow('giveUp');
  });
});

async function play(exchange: ModelExchange, trace: Trace, patienceMs?: number): Promise<void> {
  const replay = new Replay(exchange);
  await follow(replay, trace, patienceMs);
  await expectAllWell(replay);
}

async function follow(replay: Replay, { name, steps }: Trace, patienceMs?: number): Promise<void> {
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
    await until(() => isSame(replay.observe(), expected), patienceMs);
    // What does more than that does it now.
    await quiet();
    expect(replay.observe(), label).toEqual(expected);
  }
}

/** Whatever the trace has left behind, every task is integrated in the end, by one attempt. */
async function expectAllWell(replay: Replay): Promise<void> {
  for (let step = replay.repair(); step !== undefined; ) {
    await replay.do(step);
    step = await nextAfter(replay, step);
  }
  await until(() => replay.summary !== undefined);
  expect(replay.summary?.tasks.map(({ taskId, status }) => [taskId, status])).toEqual([
    ['1', 'landed'],
    ['2', 'landed'],
  ]);
  const { integrated } = replay.observe();
  expect(integrated.map((work) => work.split('/')[0])).toEqual(['1', '2']);
}

async function nextAfter(replay: Replay, { what, task }: Step): Promise<Step | undefined> {
  const isOther = () => {
    const next = replay.repair();
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
