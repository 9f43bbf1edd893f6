import type { Gate, Verdict } from '@pwt/core';
import { makeClaims, makeTask, RecordingSink, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import {
  deferred,
  expectLandedIsTested,
  fileGate,
  outcomes,
  RUN_ID,
  World,
  type WorldOptions,
  writes,
} from './world.js';

const green: Verdict = { status: 'green', durationMs: 1 };
const red: Verdict = { status: 'red', exitCode: 1, durationMs: 1, summary: 'no' };

/** Tasks that each write a file of their own. */
function world(count: number, more: Partial<WorldOptions> = {}): World {
  const ids = Array.from({ length: count }, (_, at) => `${at + 1}`);
  return new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
    ...more,
  });
}

/** Another commit on the target, made by the user. */
function commitOfTheirs({ repository }: World, name: string): void {
  const tip = repository.refs.get('refs/heads/main') ?? '';
  const files = Object.fromEntries(repository.read(tip).files);
  repository.refs.set('refs/heads/main', repository.commit({ ...files, [name]: 'x' }, [tip]));
}

describe('a gate that can not run', () => {
  it('lets nothing through, however often it is asked', async () => {
    const gate = new ScriptedGate(() => ({ status: 'broken', durationMs: 1, message: 'npm: not found' }));
    const ends = Array.from({ length: 9 }, () => deferred());
    ends[0]?.resolve();
    const made = world(8, {
      gate,
      // Each finishes when the one before it has been decided.
      work: Object.fromEntries(
        ends.map((before, at) => [
          `${at + 1}`,
          async (files: Map<string, string>) => {
            await before.promise;
            files.set(`${at + 1}.txt`, 'new\n');
            return 0;
          },
        ]),
      ),
      options: { maxInstances: 8 },
      sinks: [
        {
          name: 'test',
          onEvent(event) {
            if (event.type === 'task-finished') ends[Number(event.taskId)]?.resolve();
          },
        },
      ],
    });
    expect(new Set(Object.values(outcomes(await made.start())))).toEqual(new Set(['held']));
    expect(made.landed()).toEqual({ 'README.md': 'hello\n' });
  });
});

describe('a gate that is not needed any more', () => {
  it('may end in any way: its tasks are tested again', async () => {
    const both = deferred();
    const gate: Gate = {
      name: 'test',
      async run({ subject, abortSignal }) {
        if (subject.kind === 'tasks' && subject.taskIds.length === 1) {
          both.resolve();
          await new Promise((_, reject) =>
            abortSignal?.addEventListener('abort', () => reject(new Error('its connection was cut'))),
          );
        }
        return green;
      },
    };
    const second = async (files: Map<string, string>) => {
      await both.promise;
      files.set('2.txt', 'new\n');
      return 0;
    };
    const made = world(2, {
      gate,
      options: { maxInstances: 2, gateSlots: 1 },
      work: { 1: writes('1.txt'), 2: second },
    });
    expect(outcomes(await made.start())).toEqual({ 1: 'landed', 2: 'landed' });
  });
});

describe('a gate that fails', () => {
  it('has no task held that is being integrated', async () => {
    const isMoving = deferred();
    const isFailed = deferred();
    const gate: Gate = {
      name: 'test',
      async run({ subject }) {
        if (subject.kind === 'tasks' && subject.taskIds.length === 2) {
          await isMoving.promise;
          setImmediate(() => setImmediate(isFailed.resolve));
          throw new Error('the disk is full');
        }
        return green;
      },
    };
    const first = deferred();
    const made = world(2, {
      gate,
      options: { maxInstances: 2, gateSlots: 2 },
      work: {
        1: writes('1.txt'),
        2: async (files) => {
          await first.promise;
          files.set('2.txt', 'new\n');
          return 0;
        },
      },
      sinks: [
        {
          name: 'test',
          onEvent(event) {
            if (event.type === 'gate-started' && event.taskIds.length === 1) first.resolve();
          },
        },
      ],
    });
    const advance = made.merger.advance.bind(made.merger);
    made.merger.advance = async (request) => {
      const outcome = await advance(request);
      isMoving.resolve();
      await isFailed.promise;
      return outcome;
    };
    // The first one is green when both are tested.
    const both = deferred();
    const run = gate.run.bind(gate);
    gate.run = async (request) => {
      const { subject } = request;
      const count = subject.kind === 'tasks' ? subject.taskIds.length : 0;
      if (count === 1) await both.promise;
      if (count === 2) both.resolve();
      return run(request);
    };
    expect(outcomes(await made.start())).toEqual({ 1: 'landed', 2: 'held' });
    const finished = (await made.journals.read(RUN_ID)).filter(({ type }) => type === 'task-finished');
    expect(finished).toHaveLength(1);
  });
});

describe('a red base', () => {
  it('is looked at twice before tasks are judged by what else is red', async () => {
    const sink = new RecordingSink();
    const made = world(3, { gate: fileGate(() => 'lint'), sinks: [sink], options: { maxInstances: 1 } });
    expect((await made.start()).totals.landed).toBe(3);
    const started = sink.events.filter((event) => event.type === 'gate-started');
    expect(started.filter(({ taskIds }) => taskIds.length === 0).length).toBe(2);
  });

  it('is not made known by one look that counts twice', async () => {
    let looks = 0;
    const agent = deferred();
    const gate = new ScriptedGate(async ({ subject, commit }) => {
      if (subject.kind === 'tasks') return commit === '' ? green : red;
      looks += 1;
      if (looks === 1) await agent.promise;
      return looks === 1 ? red : green;
    });
    const made = world(1, {
      gate,
      options: { maxInstances: 1, gateSlots: 2 },
      sinks: [
        {
          name: 'test',
          onEvent({ type }) {
            // The first task has been red by then: its probe of the base waits for the one that runs.
            if (type === 'gate-finished') agent.resolve();
          },
        },
      ],
    });
    expect(outcomes(await made.start())).toEqual({ 1: 'failed' });
    expect(looks).toBe(2);
  });
});

it('does not blame a task by a verdict on the base from an earlier run', async () => {
  let looks = 0;
  const gate: Gate = {
    name: 'test',
    fingerprint: 'f',
    async run({ subject }) {
      if (subject.kind === 'target') looks += 1;
      return red;
    },
  };
  const made = world(3, { gate, options: { maxInstances: 3 } });
  const verdicts = {
    recall: async ({ tree }: { readonly tree: string }) =>
      tree === (await made.merger.tree(made.base)) ? { last: green, green: 1, red: 0 } : undefined,
    record: async () => undefined,
    forget: async () => undefined,
  };
  expect(outcomes(await made.start(made.coordinator({ verdicts })))).toEqual({
    1: 'landed',
    2: 'landed',
    3: 'landed',
  });
  expect(looks).toBe(2);
});

describe('commits of others on the target', () => {
  it('are joined although the gate is red there once', async () => {
    let isMoved = false;
    let looks = 0;
    const made: World = world(2, {
      options: { maxInstances: 1 },
      gate: new ScriptedGate(({ subject, commit }) => {
        if (subject.kind === 'tasks') {
          if (!isMoved) commitOfTheirs(made, 'theirs.txt');
          isMoved = true;
          return green;
        }
        if (commit !== made.base) looks += 1;
        return looks === 1 ? red : green;
      }),
    });
    expect((await made.start()).totals.landed).toBe(2);
    expect(Object.keys(made.landed())).toContain('theirs.txt');
    await expectLandedIsTested(made);
  });

  it('are joined where the gate is as red without them', async () => {
    let isMoved = false;
    const made: World = world(2, {
      options: { maxInstances: 1 },
      gate: new ScriptedGate(({ subject }) => {
        if (subject.kind === 'tasks' && !isMoved) {
          isMoved = true;
          commitOfTheirs(made, 'theirs.txt');
        }
        return red;
      }),
    });
    expect((await made.start()).totals.landed).toBe(2);
    expect(Object.keys(made.landed())).toContain('theirs.txt');
  });

  it('are not joined where the gate is red with them and green without', async () => {
    let isMoved = false;
    const made: World = world(2, {
      options: { maxInstances: 1 },
      gate: ({ repository }) =>
        new ScriptedGate(({ subject, commit }) => {
          if (subject.kind === 'tasks' && !isMoved) {
            isMoved = true;
            commitOfTheirs(made, 'theirs.txt');
          }
          return repository.read(commit).files.has('theirs.txt') ? red : green;
        }),
    });
    expect((await made.start()).totals).toMatchObject({ landed: 0, integrated: 2 });
    expect(Object.keys(made.landed()).sort()).toEqual(['README.md', 'theirs.txt']);
  });
});

it('records nothing of a gate after the run has ended', async () => {
  const sink = new RecordingSink();
  const made: World = world(4, {
    options: { maxInstances: 4, gateSlots: 4 },
    gate: new ScriptedGate(() => green),
    sinks: [sink],
  });
  const coordinator = made.coordinator();
  const running = made.start(coordinator);
  made.merger.tree = async (commit) => {
    await coordinator.stop('now');
    return commit;
  };
  await running;
  const events = await made.journals.read(RUN_ID);
  expect(events.at(-1)?.type).toBe('run-interrupted');
  expect(events.some(({ type }) => type === 'gate-started')).toBe(false);
});
