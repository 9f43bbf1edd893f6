import { type Budget, type RunState, type RunSummary, runUsage, tokensOf } from '@pwt/core';
import { type AgentScript, ManualClock, makeClaims, makeTask } from '@pwt/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { TURN, TURN_TOKENS, TurnsWorld } from './turns.js';
import { outcomes, RUN_ID, World } from './world.js';

const IDS = ['1', '2', '3', '4'];
const ALL_LANDED = { '1': 'landed', '2': 'landed', '3': 'landed', '4': 'landed' };
const HOUR = 3_600_000;
const taskOne = { tasks: [makeTask('1')], claims: [makeClaims('1', '1.txt')] };

interface Ended {
  readonly state: RunState;
  readonly summary: RunSummary | undefined;
}

/** Starts a run, or goes on with it. */
async function drive(
  made: TurnsWorld,
  how: (coordinator: Coordinator) => Promise<RunSummary> = (coordinator) => made.world.start(coordinator),
  coordinator: Coordinator = made.world.coordinator(),
): Promise<Ended> {
  const summary = await made.go(how(coordinator), coordinator);
  return { state: coordinator.state, summary };
}

const resumed = (budget?: Budget) => (coordinator: Coordinator) =>
  coordinator.resume({ runId: RUN_ID, ...(budget ? { options: { budget } } : {}) });

/** As many tokens as these agents used in all of their turns, by the log. */
function expectUse(state: RunState, { turns }: TurnsWorld): void {
  expect(tokensOf(runUsage(state))).toBe(turns.length * TURN_TOKENS);
  expect(runUsage(state).costUsd).toBeCloseTo(turns.length * TURN.costUsd, 9);
}

describe('a cap of the run', () => {
  it('stops all agents within the turn in which it is reached', async () => {
    const made = new TurnsWorld({ ids: IDS, budget: { onCap: 'stop', run: { tokens: 15 } } });
    const { state } = await drive(made);
    expect(made.turns).toEqual(['1', '2']);
    expect(state).toMatchObject({
      status: 'interrupted',
      interrupted: { because: 'budget', reason: 'the run has used 20 of at most 15 tokens' },
      capReached: { scope: 'run', unit: 'tokens', cap: 15, used: 20 },
    });
    expect([...state.tasks.values()].map(({ outcome }) => outcome)).toEqual(Array(4).fill(undefined));
    expectUse(state, made);
  });

  it('is seen in the turn also where an agent says much in no time', async () => {
    const play: AgentScript = async ({ say, stopped }) => {
      say({ kind: 'message', text: 'first', total: { inputTokens: 1 } });
      say({ kind: 'message', text: 'second', total: { inputTokens: 100 } });
      await stopped;
      return 1;
    };
    const budget: Budget = { onCap: 'stop', run: { tokens: 50 } };
    const world = new World({ ...taskOne, work: {}, play, clock: new ManualClock(), options: { budget } });
    const coordinator = world.coordinator();
    await world.start(coordinator);
    expect(coordinator.state.capReached).toMatchObject({ used: 100 });
  });

  it('lets running agents end where they may, and starts no other', async () => {
    const made = new TurnsWorld({ ids: IDS, budget: { onCap: 'finish', run: { costUsd: 0.3 } } });
    const { state, summary } = await drive(made);
    expect(made.turns.toSorted()).toEqual(['1', '1', '2', '2']);
    expect(summary && outcomes(summary)).toMatchObject({ '1': 'landed', '2': 'landed' });
    expect(state.interrupted?.because).toBe('budget');
    expect(state.tasks.get('3')).toMatchObject({ phase: 'waiting', blockedBy: { kind: 'budget' } });
  });

  it.each(['stop', 'finish'] as const)(
    '(%s) goes on when it is raised, and counts nothing twice',
    async (onCap) => {
      const made = new TurnsWorld({ ids: IDS, budget: { onCap, run: { tokens: 15 } } });
      await drive(made);
      const before = made.turns.length;

      // As long as it is not raised, nothing starts.
      const again = await drive(made, resumed());
      expect(made.turns).toHaveLength(before);
      expect(again.state.interrupted?.because).toBe('budget');
      expectUse(again.state, made);

      const { state, summary } = await drive(made, resumed({ onCap, run: { tokens: 1000 } }));
      expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
      // Agents that were stopped in their first turn begin it again; nothing else is done twice.
      expect(made.turns).toHaveLength(onCap === 'stop' ? 10 : 8);
      expectUse(state, made);
    },
  );

  it('is as much as said, also after several resumes', async () => {
    const made = new TurnsWorld({
      ids: IDS,
      maxInstances: 1,
      budget: { onCap: 'finish', run: { tokens: 20 } },
    });
    await drive(made);
    for (const tokens of [40, 60]) {
      const { state } = await drive(made, resumed({ onCap: 'finish', run: { tokens } }));
      expect(state.interrupted?.because).toBe('budget');
      expect(made.turns).toHaveLength(tokens / TURN_TOKENS);
    }
    const { summary } = await drive(made, resumed({ onCap: 'finish', run: { tokens: 81 } }));
    expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
  });
});

describe('a cap of a task', () => {
  it('ends the task that reaches it within a turn, and no other', async () => {
    const budget: Budget = { onCap: 'stop', task: { tokens: 25 } };
    const made = new TurnsWorld({ ids: IDS, budget, endless: ['2'] });
    const { state, summary } = await drive(made);
    expect(summary && outcomes(summary)).toEqual({ ...ALL_LANDED, '2': 'failed' });
    expect(made.turns.filter((id) => id === '2')).toHaveLength(3);
    expect(state.tasks.get('2')).toMatchObject({
      reason: 'stopped: the task has used 30 of at most 25 tokens',
      failure: { kind: 'budget' },
    });
    expect(state.capReached).toBeUndefined();
  });

  it('is tried again with a higher one', async () => {
    const made = new TurnsWorld({ ids: ['1', '2'], budget: { onCap: 'stop', task: { costUsd: 0.5 } } });
    const first = await drive(made);
    expect(first.summary && outcomes(first.summary)).toEqual({ '1': 'failed', '2': 'failed' });
    const { state, summary } = await drive(made, (coordinator) =>
      coordinator.resume({
        runId: RUN_ID,
        retry: ['1', '2'],
        options: { budget: { onCap: 'stop', task: { costUsd: 5 } } },
      }),
    );
    expect(summary && outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expectUse(state, made);
  });
});

describe('a cap of the day', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  /** A clock that stands at this time of a day, on the machine's own clock. */
  function clockAt(hours: number, minutes = 0): ManualClock {
    const clock = new ManualClock();
    const time = new Date(clock.now());
    clock.advance(time.setHours(hours, minutes, 0, 0) + 48 * HOUR - clock.now());
    return clock;
  }

  /** A run of two tasks, and then another with the same logs. */
  function runs(clock: ManualClock, budget: Budget) {
    const first = new TurnsWorld({ ids: ['1', '2'], maxInstances: 1, clock, budget });
    const second = new TurnsWorld({ ids: IDS, maxInstances: 1, clock, budget });
    const coordinator = () => second.world.coordinator({ journals: first.world.journals });
    return {
      first,
      second,
      driveSecond: (how = (made: Coordinator) => second.world.start(made, 'run-2')) =>
        drive(second, how, coordinator()),
    };
  }

  it('holds for all runs of the day together', async () => {
    const { first, second, driveSecond } = runs(clockAt(12), { onCap: 'finish', day: { tokens: 60 } });
    await drive(first);
    const { state } = await driveSecond();
    expect([first.turns.length, second.turns.length]).toEqual([4, 2]);
    expect(state.interrupted).toMatchObject({
      because: 'budget',
      reason: 'all runs of this repository today have used 60 of at most 60 tokens',
    });
    // A resume on the same day has no more than a run that is new.
    const again = await driveSecond((made) => made.resume({ runId: 'run-2' }));
    expect(second.turns).toHaveLength(2);
    expect(again.state.interrupted?.because).toBe('budget');
  });

  it.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Kiritimati'])(
    'begins anew at midnight in %s',
    async (name) => {
      process.env.TZ = name;
      const clock = clockAt(23);
      const { first, second, driveSecond } = runs(clock, { onCap: 'finish', day: { tokens: 60 } });
      await drive(first);
      const stopped = await driveSecond();
      expect(stopped.state.interrupted?.because).toBe('budget');
      // Still the same day.
      clock.advance(clockUntil(clock, 23, 58));
      await driveSecond((made) => made.resume({ runId: 'run-2' }));
      expect(second.turns).toHaveLength(2);
      clock.advance(clockUntil(clock, 24, 1));
      const { summary } = await driveSecond((made) => made.resume({ runId: 'run-2' }));
      expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
      expect(second.turns).toHaveLength(8);
    },
  );

  it('passes while a run goes on', async () => {
    // Two turns before midnight, then three tasks of two turns: 20 tokens of one day, 60 of the next.
    const made = new TurnsWorld({
      ids: IDS,
      maxInstances: 1,
      clock: clockAt(23, 58),
      budget: { onCap: 'finish', day: { tokens: 61 } },
    });
    const { summary } = await drive(made);
    expect(summary && outcomes(summary)).toEqual(ALL_LANDED);
  });
});

/** Milliseconds until this time of the day on which the clock stands. */
function clockUntil(clock: ManualClock, hours: number, minutes: number): number {
  return new Date(clock.now()).setHours(hours, minutes, 0, 0) - clock.now();
}
