import type { RunEvent, Verdict } from '@pwt/core';
import { makeClaim, makeTask, ScriptedGate } from '@pwt/testkit';
import { expect, it } from 'vitest';
import type { KnownVerdicts, VerdictStore } from '../src/index.js';
import { outcomes, RUN_ID, World, writes } from './world.js';

const red: Verdict = { status: 'red', durationMs: 1, exitCode: 1, summary: 'no' };
const green: Verdict = { status: 'green', durationMs: 1 };
const claims = [{ taskId: '1', claims: [makeClaim('a.txt')], unknownScope: false }];

/** Says this of the work of tasks; the base is green. */
function gateFor(verdict: Verdict, fingerprint?: string): ScriptedGate {
  return new ScriptedGate(({ subject }) => (subject.kind === 'tasks' ? verdict : green), fingerprint);
}

function world(verdict: Verdict, fingerprint: string | undefined = 'old') {
  let started = 0;
  const work = {
    1: (files: Map<string, string>) => {
      started += 1;
      return writes('a.txt')(files);
    },
  };
  const gate = gateFor(verdict, fingerprint);
  const made = new World({ tasks: [makeTask('1')], claims, work, gate });
  return { world: made, agents: () => started, gate };
}

/** Retries task 1 with another gate; returns how it ended, and how often it ran on the work of tasks. */
async function retry(made: World, gate: ScriptedGate, how: object = {}, verdicts?: VerdictStore) {
  const coordinator = made.coordinator({ gate, ...(verdicts ? { verdicts } : {}) });
  const summary = await coordinator.resume({ runId: RUN_ID, retry: ['1'], ...how });
  return {
    outcome: outcomes(summary)['1'],
    gates: gate.seen.filter(({ subject }) => subject.kind === 'tasks').length,
  };
}

async function reasons(made: World): Promise<string[]> {
  const events = await made.journals.read(RUN_ID);
  const about = (event: RunEvent) => event.type === 'task-reopened' || event.type === 'task-requeued';
  return events.flatMap((event) => (about(event) && 'reason' in event ? [event.reason] : []));
}

it('tests the work again when the gate was mended, and starts no agent', async () => {
  const { world: made, agents } = world(red);
  expect(outcomes(await made.start())).toEqual({ 1: 'failed' });
  const mended = new ScriptedGate(() => green, 'new');
  expect(await retry(made, mended)).toEqual({ outcome: 'landed', gates: 1 });
  expect(agents()).toBe(1);
  expect(made.landed()['a.txt']).toBe('new\n');
  expect((await reasons(made))[0]).toContain('the gate or its environment has changed');
});

it('has the agent go on with the same gate, which would say the same', async () => {
  const { world: made, agents } = world(red);
  await made.start();
  const kind = new ScriptedGate(() => green, 'old');
  expect((await retry(made, kind)).outcome).toBe('landed');
  expect(agents()).toBe(2);
  expect(await reasons(made)).toEqual([]);
  const log = await made.journals.read(RUN_ID);
  expect(log.find((event) => event.type === 'task-continued')).toMatchObject({
    ending: { status: 'failed', failure: { kind: 'gate-red' } },
    feedback: expect.stringContaining('is red'),
  });
});

it('starts over when that is asked for, whatever has changed', async () => {
  const { world: made, agents } = world(red);
  await made.start();
  await retry(made, new ScriptedGate(() => green, 'new'), { fresh: true });
  expect(agents()).toBe(2);
});

it('has the agent go on where nothing says which gate it was', async () => {
  const { world: made, agents } = world(red, '');
  const unnamed = gateFor(red);
  await made.start(made.coordinator({ gate: unnamed }));
  await retry(made, new ScriptedGate(() => green, 'new'));
  expect(agents()).toBe(2);
});

it('tests again on demand, and believes no earlier verdict of the gate', async () => {
  const { world: made, agents } = world(red);
  const known = new Map<string, KnownVerdicts>();
  const forgotten: string[] = [];
  const verdicts: VerdictStore = {
    recall: async ({ tree }) => known.get(tree),
    record: async ({ tree }, last) => void known.set(tree, { green: 0, red: 1, last }),
    forget: async (fingerprint) => {
      forgotten.push(fingerprint);
      known.clear();
    },
  };
  await made.start(made.coordinator({ verdicts }));
  const same = new ScriptedGate(() => green, 'old');
  expect(await retry(made, same, { regate: true }, verdicts)).toEqual({ outcome: 'landed', gates: 1 });
  expect(forgotten).toEqual(['old']);
  expect(agents()).toBe(1);
});

it('tests again after a gate that could not run, with new commits of the target, and once more after a red', async () => {
  const { world: made, agents } = world({ status: 'broken', durationMs: 1, message: 'no shell' });
  expect(outcomes(await made.start())).toEqual({ 1: 'held' });
  expect((await retry(made, gateFor(red, 'old'))).outcome).toBe('failed');
  const { repository } = made;
  const parent = repository.refs.get('refs/heads/main') ?? '';
  const files = Object.fromEntries(repository.read(parent).files);
  repository.refs.set('refs/heads/main', repository.commit({ ...files, 'test.txt': 'mended\n' }, [parent]));
  expect((await retry(made, new ScriptedGate(() => green, 'old'))).outcome).toBe('landed');
  expect(agents()).toBe(1);
  expect(await reasons(made)).toEqual([
    expect.stringContaining('could not run'),
    expect.stringContaining('new commits'),
  ]);
});

it('tests only work that a gate has rejected', async () => {
  const made = new World({ tasks: [makeTask('1')], claims, work: { 1: () => 1 } });
  expect(outcomes(await made.start())).toEqual({ 1: 'failed' });
  const rejected = retry(made, new ScriptedGate(), { regate: true });
  await expect(rejected).rejects.toMatchObject({ code: 'PWT_TASK_NOT_RETRYABLE' });
});
