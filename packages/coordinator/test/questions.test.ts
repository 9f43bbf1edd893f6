import { type NewRunEvent, openQuestion, type RunEvent, type RunOptions, type TaskState } from '@pwt/core';
import { type AgentScript, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { TestInbox } from './test-inbox.js';
import { deferred, outcomes, RUN_ID, World, writes } from './world.js';

/** Resolves with the first event of a type. */
function sinkFor() {
  const waiting: { readonly type: string; readonly resolve: (event: RunEvent) => void }[] = [];
  return {
    sink: {
      name: 'test',
      onEvent: (event: RunEvent) => {
        for (const one of waiting) if (one.type === event.type) one.resolve(event);
      },
    },
    next: (type: NewRunEvent['type']) => {
      const { promise, resolve } = deferred<RunEvent>();
      waiting.push({ type, resolve });
      return promise;
    },
  };
}

type Said = Awaited<ReturnType<AgentScript>>;

/** What the agent of a task does: with its files, and what it was told. */
type Play = (
  files: Map<string, string>,
  told: string | undefined,
  stopped: Promise<void>,
) => Promise<Said> | Said;

function world(play: Readonly<Record<string, Play>>, more: Partial<RunOptions> = {}) {
  const ids = Object.keys(play);
  const inbox = new TestInbox();
  const events = sinkFor();
  const made: World = new World({
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: {},
    play: async ({ request, stopped }) => {
      const files = made.provider.files(request.attempt.workspace);
      return play[request.task.id]?.(files, request.continues?.feedback, stopped) ?? 0;
    },
    options: { onIdle: 'ask', retries: { 'no-change': 1 }, ...more },
    sinks: [events.sink],
    inbox,
  });
  return { world: made, inbox, next: events.next };
}

const asks = (lastMessage: string): Said => ({ kind: 'exited', exitCode: 0, lastMessage });

const idle = { idleTimeoutMs: 20 };

const never = () => new Promise<never>(() => undefined);

describe('an agent that ends with a question and no work', () => {
  it('waits for the answer, beside tasks that go on, and lands with it', async () => {
    const told: (string | undefined)[] = [];
    const {
      world: made,
      inbox,
      next,
    } = world({
      '1': (files, feedback) => {
        told.push(feedback);
        if (told.length === 1) return asks('I looked around.\n\nWhich database should I use: A or B?');
        return writes('1.txt')(files);
      },
      '2': writes('2.txt'),
    });
    const asked = next('task-continued');
    const first = made.coordinator();
    const running = made.start(first);
    expect(await asked).toMatchObject({ taskId: '1', question: 'Which database should I use: A or B?' });
    const { askedAt = 0 } = openQuestion(first.state.tasks.get('1') as TaskState) ?? {};
    inbox.put({ kind: 'answer', taskId: '1', askedAt: askedAt - 1, answer: 'to another question' });
    inbox.put({ kind: 'answer', taskId: '1', askedAt, answer: 'Use B, please.' });
    inbox.put({ kind: 'answer', taskId: '1', askedAt, answer: 'too late' });
    expect(outcomes(await running)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(told[1]).toContain('Which database should I use');
    expect(told[1]).toContain('Use B, please.');
    expect(told[1]).not.toContain('too late');
    expect(inbox.messages.size).toBe(0);
    expect(made.launcher.started).toEqual(['1', '2', '1']);
  });

  it('ends where nobody is asked, and what it has asked is said', async () => {
    const { world: made } = world({ '1': () => asks('I looked.\n\nA or B?') }, { onIdle: 'stop' });
    const { tasks } = await made.start();
    expect(tasks[0]).toMatchObject({ status: 'unchanged' });
    expect(tasks[0]?.reason).toMatch(/changed no file .*; it asked: A or B\?$/);
  });

  it('keeps its question over a stop, and is answered while nothing runs', async () => {
    let starts = 0;
    const {
      world: made,
      inbox,
      next,
    } = world({
      '1': (files) => {
        starts += 1;
        return starts === 1 ? asks('A or B?') : writes('1.txt')(files);
      },
    });
    const asked = next('task-continued');
    const first = made.coordinator();
    const running = made.start(first);
    await asked;
    await first.stop('now');
    await running;
    const question = openQuestion(first.state.tasks.get('1') as TaskState);
    expect(question?.text).toBe('A or B?');
    inbox.put({ kind: 'answer', taskId: '1', askedAt: question?.askedAt ?? 0, answer: 'A' });
    inbox.put(undefined);
    const resumed = made.coordinator();
    expect(outcomes(await resumed.resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    expect(resumed.state.diagnostics.map(({ code }) => code)).toEqual(['PWT_MESSAGE_UNREADABLE']);
  });

  it('is cancelled instead, if a person wants that', async () => {
    const { world: made, inbox, next } = world({ '1': () => asks('A or B?') });
    const asked = next('task-continued');
    const running = made.start();
    await asked;
    inbox.put({ kind: 'stop', taskId: '1' });
    expect(outcomes(await running)).toEqual({ '1': 'cancelled' });
  });

  it('is no question where it says none, where there is work, and where nobody is to be asked', async () => {
    const talks = () => asks('Is it done? Yes. I have changed nothing.');
    const works: Play = (files) => {
      writes('2.txt')(files);
      return asks('Anything else?');
    };
    expect(outcomes(await world({ '1': talks, '2': works }).world.start())).toEqual({
      '1': 'unchanged',
      '2': 'landed',
    });
    const stopping = world({ '1': () => asks('A or B?') }, { onIdle: 'stop' });
    expect(outcomes(await stopping.world.start())).toEqual({ '1': 'unchanged' });
  });
});

describe('an agent that is idle', () => {
  it('is asked about, and goes on with the answer in the same workspace', async () => {
    const told: (string | undefined)[] = [];
    const {
      world: made,
      inbox,
      next,
    } = world(
      {
        '1': async (files, feedback) => {
          told.push(feedback);
          files.set(`${told.length}.txt`, 'x\n');
          return told.length === 1 ? never() : 0;
        },
      },
      idle,
    );
    const asked = next('question-asked');
    const running = made.start();
    const { at } = await asked;
    inbox.put({ kind: 'answer', taskId: '1', askedAt: at, answer: 'Go on with the second file.' });
    expect(outcomes(await running)).toEqual({ '1': 'landed' });
    expect(told[1]).toContain('Go on with the second file.');
    expect(Object.keys(made.landed()).sort()).toEqual(['1.txt', '2.txt', 'README.md']);
  });

  it('ends the run with the error where the question can not be recorded', async () => {
    const failed = deferred();
    const { world: made } = world({ '1': () => failed.promise.then(() => 0) }, idle);
    let isFull = false;
    const open = made.journals.open.bind(made.journals);
    made.journals.open = async (runId) => {
      const journal = await open(runId);
      const append = async (event: RunEvent) => {
        isFull ||= event.type === 'question-asked';
        if (!isFull) return journal.append(event);
        setImmediate(failed.resolve);
        throw new Error('no space left');
      };
      return { append, close: () => journal.close() };
    };
    await expect(made.start()).rejects.toMatchObject({ code: 'PWT_JOURNAL_WRITE_FAILED' });
  });

  it('is not tried again where it fails by itself in the moment in which it is to be stopped', async () => {
    const failed = deferred();
    let starts = 0;
    const given = world(
      {
        '1': async () => {
          starts += 1;
          await failed.promise;
          return 1;
        },
      },
      { ...idle, retries: { 'exit-code': 3 } },
    );
    const { world: made, inbox, next } = given;
    const launch = made.launcher.launch.bind(made.launcher);
    made.launcher.launch = async (request) => {
      const run = await launch(request);
      const stop = async () => {
        failed.resolve();
        await run.exited;
      };
      return Object.assign(run, { stop });
    };
    const asked = next('question-asked');
    const running = made.start();
    await asked;
    inbox.put({ kind: 'stop', taskId: '1' });
    expect(outcomes(await running)).toEqual({ '1': 'cancelled' });
    expect(starts).toBe(1);
  });

  it('is stopped only when a person says so', async () => {
    const { world: made, inbox, next } = world({ '1': never }, idle);
    const asked = next('question-asked');
    const running = made.start();
    await asked;
    inbox.put({ kind: 'stop', taskId: '1' });
    expect(outcomes(await running)).toEqual({ '1': 'cancelled' });
  });

  it.each([
    ['answer', 'question-answered', 'landed', 2],
    ['stop', 'task-stopping', 'cancelled', 1],
  ] as const)('the %s counts also where the process has died at it', async (kind, type, end, times) => {
    for (const when of ['before', 'after'] as const) {
      let starts = 0;
      const {
        world: made,
        inbox,
        next,
      } = world(
        {
          '1': async (files) => {
            starts += 1;
            return starts === 1 ? never() : writes('1.txt')(files);
          },
        },
        idle,
      );
      void next('question-asked').then(({ at }) =>
        inbox.put(
          kind === 'stop' ? { kind, taskId: '1' } : { kind, taskId: '1', askedAt: at, answer: 'go on' },
        ),
      );
      expect(await killAt(made, (event) => event.type === type, when)).toBe(true);
      expect(outcomes(await made.coordinator().resume({ runId: RUN_ID }))).toEqual({ '1': end });
      expect(starts).toBe(times);
    }
  });
});
