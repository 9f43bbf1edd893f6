import { subjectName, systemClock } from '@pwt/core';
import { Scheduler } from '@pwt/planner';
import { makeClaims, makeTask, ScriptedGate } from '@pwt/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createContext } from '../src/operations/create-context.js';
import { RunLog } from '../src/run/run-log.js';
import { StopSignal } from '../src/run/stop-signal.js';
import { answersOf } from './answers.js';
import { killAt } from './mortal.js';
import { deferred, fileGate, outcomes, RUN_ID, World, type WorldOptions, writes } from './world.js';

afterEach(() => vi.restoreAllMocks());

type Answers = ReturnType<typeof answersOf>;

/** What the schedulers of the processes that wrote a log answered after each event, by its sequence number. */
function recordAnswers(): ReadonlyMap<number, Answers> {
  const answers = new Map<number, Answers>();
  const apply = Scheduler.prototype.apply;
  vi.spyOn(Scheduler.prototype, 'apply').mockImplementation(function (this: Scheduler, event) {
    apply.call(this, event);
    answers.set((event as unknown as { readonly seq: number }).seq, answersOf(this));
  });
  return answers;
}

/** Has a new process read each prefix of the log; returns how many there were. */
async function checkPrefixes(world: World, live: ReadonlyMap<number, Answers>): Promise<number> {
  vi.restoreAllMocks();
  const events = await world.journals.read(RUN_ID);
  let count = 0;
  for (const [seq, expected] of live) {
    const history = events.slice(0, seq);
    if (!history.some(({ type }) => type === 'run-planned')) continue;
    const journal = { append: async () => undefined, close: async () => undefined };
    const log = new RunLog({
      runId: RUN_ID,
      journal,
      sinks: [],
      clock: systemClock,
      sinkPatienceMs: 0,
      history,
    });
    const { scheduler } = createContext({
      log,
      parts: world.parts,
      clock: systemClock,
      stop: new StopSignal(),
      runsDir: '/runs',
    });
    expect(answersOf(scheduler), `after event ${seq}, ${history.at(-1)?.type}`).toEqual(expected);
    count += 1;
  }
  return count;
}

/** Two want the same file, one changes it unasked, others need each other, and everything can end badly. */
function makeWorld(more: Partial<WorldOptions> = {}): World {
  const ids = ['1', '2', '3', '4', '5', '6', '7'];
  const needs: Record<string, readonly string[]> = { '3': ['1'], '5': ['4'], '7': ['3', '5'] };
  return new World({
    files: { 'shared.txt': 'old\n' },
    tasks: ids.map((id) => makeTask(id, { dependsOn: needs[id] ?? [] })),
    claims: ids.map((id) => makeClaims(id, id === '6' ? '1.txt' : `${id}.txt`)),
    work: {
      '1': writes('1.txt', 'one\n'),
      '2': writes('6.txt', 'unasked\n'),
      '3': writes('1.txt', 'three\n'),
      '4': () => 1,
      '6': writes('6.txt'),
    },
    options: { maxInstances: 2 },
    gate: fileGate((files) => (files.get('6.txt') === 'new\n' ? 'red' : undefined)),
    ...more,
  });
}

describe('a scheduler that is replayed from any prefix of a log', () => {
  it('answers as the one did that ran', async () => {
    const live = recordAnswers();
    const world = makeWorld();
    await world.start();
    expect(await checkPrefixes(world, live)).toBeGreaterThan(40);
  });

  it('does so in a run that was killed, resumed and retried', async () => {
    const live = recordAnswers();
    const world = makeWorld();
    await killAt(world, (event) => event.type === 'integrated', 'after');
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toMatchObject({ '4': 'failed' });
    await world.coordinator().resume({ runId: RUN_ID, retry: ['4', '6'] });
    expect(await checkPrefixes(world, live)).toBeGreaterThan(60);
  });

  it('does so where integrated work is put on top of a rewritten target', async () => {
    const live = recordAnswers();
    const world = makeWorld({ work: { '1': writes('1.txt'), '2': writes('2.txt'), '3': writes('3.txt') } });
    await killAt(world, (event) => event.type === 'integrated' && event.taskId === '1', 'after');
    world.repository.refs.set('refs/heads/main', world.repository.commit({ 'new.txt': 'n' }));
    await world.coordinator().land({ runId: RUN_ID, ontoRewritten: true });
    const events = await world.journals.read(RUN_ID);
    expect(events.some(({ type }) => type === 'target-replaced')).toBe(true);
    await world.coordinator().resume({ runId: RUN_ID });
    expect(await checkPrefixes(world, live)).toBeGreaterThan(40);
  });
});

describe('a task that starts over', () => {
  it('is begun again at once, while another one is being gated', async () => {
    const [started, inGate, gated, again] = [deferred(), deferred(), deferred(), deferred()];
    let tries = 0;
    const world = makeWorld({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: {
        '1': async (files) => {
          tries += 1;
          files.set('1.txt', 'x');
          if (tries > 1) {
            again.resolve();
            return 0;
          }
          started.resolve();
          return new Promise(() => undefined);
        },
        '2': writes('2.txt'),
      },
      gate: new ScriptedGate(async ({ subject }) => {
        inGate.resolve();
        if (subjectName(subject) === '2') await gated.promise;
        return { status: 'green', durationMs: 1 };
      }),
    });
    // Killed with task 2 in its gate, and task 1 stopped without a word.
    await killAt(
      world,
      (event) => event.type === 'agent-exited' && event.taskId === '1',
      'before',
      async (coordinator) => {
        void Promise.all([started.promise, inGate.promise]).then(() => coordinator.stop('now'));
        await world.start(coordinator);
      },
    );
    const resumed = world.coordinator().resume({ runId: RUN_ID });
    await again.promise;
    gated.resolve();
    expect(outcomes(await resumed)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(tries).toBe(2);
    const log = await world.journals.read(RUN_ID);
    const dispatched = log.filter(({ type, taskId }) => type === 'task-dispatched' && taskId === '1');
    expect(dispatched).toHaveLength(2);
  });
});
