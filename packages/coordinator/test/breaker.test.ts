import type { RunEvent } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import type { Inbox, ReceivedMessage } from '../src/index.js';
import { type Account, AccountWorld } from './provider-account.js';
import { deferred, outcomes, RUN_ID } from './world.js';

const QUOTA = { kind: 'quota', message: 'usage limit reached' } as const;
const AUTH = { kind: 'auth', message: 'invalid key' } as const;

const IDS = ['1', '2', '3', '4', '5', '6'];
const ALL_LANDED = Object.fromEntries(IDS.map((id) => [id, 'landed']));

async function eventsOf<T extends RunEvent['type']>({ world }: AccountWorld, type: T) {
  const log = await world.journals.read(RUN_ID);
  return log.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** Runs to the end; `onPause` is told of each pause. */
async function run(made: AccountWorld, onPause: (count: number) => void = () => undefined) {
  let seen = 0;
  const sink = {
    name: 'test',
    onEvent(event: RunEvent) {
      if (event.type !== 'agent-paused') return;
      seen += 1;
      onPause(seen);
    },
  };
  const coordinator = made.world.coordinator({ sinks: [sink] });
  return made.go(made.world.start(coordinator), coordinator);
}

describe('an agent at its quota', () => {
  it('is started no more than it was running, is tried with one task, and all tasks land when it works again', async () => {
    const account: Account = { failure: QUOTA };
    const made = new AccountWorld(IDS, { claude: account }, { options: { maxInstances: 2 } });
    const summary = await run(made, (count) => {
      if (count === 3) account.failure = undefined;
    });
    expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
    // Two were running; then one at a time.
    expect(made.starts.slice(0, 5)).toEqual(['claude 1', 'claude 2', 'claude 1', 'claude 2', 'claude 1']);
    expect(made.starts).toHaveLength(5 + 5);
    const pauses = await eventsOf(made, 'agent-paused');
    expect(pauses.map(({ count, until = 0, at }) => [count, until - at])).toEqual([
      [1, 30_000],
      [2, 60_000],
      [3, 120_000],
    ]);
    expect(await eventsOf(made, 'agent-unpaused')).toMatchObject([{ agent: 'claude' }]);
    expect(await eventsOf(made, 'task-finished')).toEqual([]);
  });

  it('is tried at the time that it names', async () => {
    const account: Account = {};
    const made = new AccountWorld(['1', '2'], { claude: account });
    const retryAt = made.clock.now() + 5 * 3_600_000;
    account.failure = { ...QUOTA, retryAt };
    await run(made, () => {
      account.failure = undefined;
    });
    const last = (await eventsOf(made, 'task-dispatched')).filter(({ at }) => at >= retryAt);
    expect(last).toHaveLength(2);
    expect(await eventsOf(made, 'task-dispatched')).toHaveLength(4);
  });

  it('keeps a task that was on its way from being started', async () => {
    const account: Account = { failure: QUOTA };
    const failed = deferred();
    const made = new AccountWorld(['1', '2'], { claude: account }, { failsAt: failed.promise });
    const { provider } = made.world;
    const create = provider.create.bind(provider);
    provider.create = async (request) => {
      const created = await create(request);
      // The other one's agent fails while this worktree is made.
      if (request.taskId === '2') {
        failed.resolve();
        while ((await eventsOf(made, 'agent-paused')).length === 0) await new Promise(setImmediate);
      }
      return created;
    };
    const summary = await run(made, () => {
      account.failure = undefined;
    });
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(made.starts).toHaveLength(3);
  });

  it('does not keep a task from being stopped that was on its way', async () => {
    const account: Account = { failure: QUOTA };
    const failed = deferred();
    let messages: ReceivedMessage[] = [];
    const inbox: Inbox = {
      read: async () => messages,
      remove: async () => {
        messages = [];
        account.failure = undefined;
      },
      watch: (onChange) => {
        const timer = setInterval(onChange, 1);
        return () => clearInterval(timer);
      },
    };
    const made = new AccountWorld(['1', '2'], { claude: account }, { failsAt: failed.promise, inbox });
    const { provider } = made.world;
    const create = provider.create.bind(provider);
    provider.create = async (request) => {
      const created = await create(request);
      if (request.taskId !== '2') return created;
      failed.resolve();
      while ((await eventsOf(made, 'agent-paused')).length === 0) await new Promise(setImmediate);
      messages = [{ id: 'm', message: { kind: 'stop', taskId: '2' } }];
      return created;
    };
    const coordinator = made.world.coordinator();
    const running = made.world.start(coordinator);
    // No time passes before the message is taken: the pause goes on.
    while (messages.length > 0 || account.failure) await new Promise(setImmediate);
    const summary = await made.go(running, coordinator);
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed', '2': 'cancelled' });
    expect(made.starts).toEqual(['claude 1', 'claude 1']);
  });

  it('is free for all as soon as its probe works, and not only when that has ended', async () => {
    const account: Account = { failure: QUOTA };
    const other = deferred();
    const made: AccountWorld = new AccountWorld(
      ['1', '2'],
      { claude: account },
      {
        options: { maxInstances: 2 },
        play: async ({ request, say }) => {
          made.starts.push(request.task.id);
          if (account.failure) return { kind: 'exited', exitCode: 1, failure: account.failure };
          made.world.provider.files(request.attempt.workspace).set(`${request.task.id}.txt`, 'done\n');
          if (made.starts.length === 4) other.resolve();
          say({ kind: 'tool', text: 'edits' });
          await other.promise;
          return { kind: 'exited', exitCode: 0 };
        },
      },
    );
    const coordinator = made.world.coordinator();
    const limit = made.clock.now() + 3_600_000;
    const running = made.world.start(coordinator);
    const summary = await made.go(running, coordinator, () => {
      if (made.starts.length === 2) account.failure = undefined;
      return made.clock.now() > limit;
    });
    other.resolve();
    await running;
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(made.starts).toHaveLength(4);
  });

  it('counts none of it as an attempt that the task has failed at', async () => {
    const account: Account = { failure: QUOTA };
    const made = new AccountWorld(['1'], { claude: account }, { options: { retries: { quota: 0 } } });
    const summary = await run(made, (count) => {
      if (count === 4) account.failure = undefined;
    });
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed' });
    expect((await eventsOf(made, 'task-continued')).map(({ uncounted }) => uncounted)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('ends the run where it would have to wait longer than the user wants', async () => {
    const made = new AccountWorld(['1', '2'], { claude: {} }, { options: { agentPatienceMs: 3_600_000 } });
    const retryAt = made.clock.now() + 2 * 3_600_000;
    (made.accounts.claude as Account).failure = { ...QUOTA, retryAt };
    const coordinator = made.world.coordinator();
    const before = made.clock.now();
    await made.go(made.world.start(coordinator), coordinator);
    expect(made.clock.now() - before).toBeLessThan(3_600_000);
    expect(coordinator.state).toMatchObject({ status: 'interrupted', interrupted: { because: 'agents' } });
    expect(made.starts).toHaveLength(2);
  });
});

describe('an agent that is not logged in', () => {
  it('ends the run after a few tries, and is tried again with one task by resume', async () => {
    const account: Account = { failure: AUTH };
    const made = new AccountWorld(IDS, { claude: account }, { options: { maxInstances: 2 } });
    const summary = await run(made);
    expect(summary?.success).toBe(false);
    expect(made.starts).toHaveLength(4);
    const [last] = (await eventsOf(made, 'run-interrupted')).slice(-1);
    expect(last).toMatchObject({
      because: 'agents',
      reason: expect.stringContaining('claude: auth: invalid key'),
    });
    expect(summary?.tasks[0]).toMatchObject({ status: 'cancelled', failure: AUTH });

    const coordinator = made.world.coordinator();
    await made.go(coordinator.resume({ runId: RUN_ID }), coordinator);
    expect(made.starts).toHaveLength(5);
    expect(coordinator.state.interrupted?.because).toBe('agents');

    account.failure = undefined;
    const again = await made.go(coordinator.resume({ runId: RUN_ID }), coordinator);
    expect(again && outcomes(again)).toEqual(ALL_LANDED);
    expect(made.starts).toHaveLength(5 + 6);
  });
});

describe('a list of agents', () => {
  it('falls over to the next, and goes back to the first when that works again', async () => {
    const claude: Account = { failure: QUOTA };
    // Long enough for the others to begin, and for claude to be tried before they are all done.
    const onStart = (count: number) => {
      if (count !== 4) return;
      claude.failure = undefined;
      made.clock.advance(60_000);
    };
    const options = { maxInstances: 1 };
    const made = new AccountWorld(IDS, { claude, codex: {} }, { options, onStart });
    claude.failure = { ...QUOTA, retryAt: made.clock.now() + 5000 };
    const summary = await run(made);
    expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
    const started = made.starts.map((start) => start.split(' ')[0]);
    expect(started.slice(0, 4)).toEqual(['claude', 'codex', 'codex', 'codex']);
    expect(started.slice(-2)).toEqual(['claude', 'claude']);
    const agents = (await eventsOf(made, 'task-dispatched')).map(({ agent }) => agent);
    expect(agents).toEqual(started);
  });

  it('waits for the first that works again where none is left', async () => {
    const accounts = { claude: { failure: AUTH } as Account, codex: { failure: QUOTA } as Account };
    const made = new AccountWorld(['1', '2', '3'], accounts, { options: { maxInstances: 2 } });
    const summary = await run(made, (count) => {
      if (count === 6) accounts.codex.failure = undefined;
    });
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
  });

  it('never leaves a task without an agent that may start it', async () => {
    const accounts = { claude: { failure: AUTH } as Account, codex: {} };
    const made = new AccountWorld(IDS, accounts, { options: { maxInstances: 3 } });
    const before = made.clock.now();
    const summary = await run(made);
    expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
    expect(made.starts.filter((start) => start.startsWith('claude'))).toHaveLength(3);
    expect(made.clock.now() - before).toBe(0);
  });
});
