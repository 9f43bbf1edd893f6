import { type Budget, type RunEvent, runUsage, tokensOf } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { failPowerAt, killAt } from './mortal.js';
import { type Account, AccountWorld } from './provider-account.js';
import { TURN_TOKENS, TurnsWorld } from './turns.js';
import { RUN_ID } from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 9;
const LIMIT_MS = process.env.PWT_PROVE === '1' ? 600_000 : 60_000;
const IDS = ['1', '2', '3', '4'];
const ALL_LANDED = { '1': 'landed', '2': 'landed', '3': 'landed', '4': 'landed' };
const QUOTA = { kind: 'quota', message: 'usage limit reached' } as const;
const AUTH = { kind: 'auth', message: 'invalid key' } as const;

type How = (coordinator: Coordinator) => Promise<unknown>;

/** A run that is killed anywhere, and what has to be true of it after it was gone on with. */
interface Scenario<T extends AccountWorld> {
  readonly make: () => T;
  /** Goes on with the run as a person would, to its end, and looks at it. */
  readonly end: (made: T, goOn: (how?: How) => Promise<Coordinator>, label: string) => Promise<void>;
}

const resume: How = (coordinator) => coordinator.resume({ runId: RUN_ID });

/** Kills a run at each of its events and resumes it; how often, by kind of death. */
async function killEverywhere<T extends AccountWorld>({ make, end }: Scenario<T>) {
  const check = async (made: T, label: string) => {
    const log = await made.world.journals.read(RUN_ID).catch(() => []);
    // Before the plan is on record there is nothing to resume: the user simply runs again.
    if (!log.some((event) => event.type === 'run-planned')) return;
    const goOn = async (how: How = resume) => {
      const coordinator = made.world.coordinator();
      await made.go(how(coordinator), coordinator);
      return coordinator;
    };
    await end(made, goOn, label);
    expectNoStartInPause(await made.world.journals.read(RUN_ID), label);
  };
  /** Time passes until the process is dead. */
  const until = async (made: T, kill: (how: How) => Promise<boolean>) => {
    let isDead = false;
    const driving: Promise<unknown>[] = [];
    const died = await kill((coordinator) => {
      const going = made.go(made.world.start(coordinator), coordinator, () => isDead);
      driving.push(going);
      return going;
    });
    isDead = true;
    await Promise.all(driving);
    return died;
  };

  const undisturbed = make();
  const coordinator = undisturbed.world.coordinator();
  await undisturbed.go(undisturbed.world.start(coordinator), coordinator);
  await check(undisturbed, 'undisturbed');

  let kills = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = when === 'before' ? 3 : 4; ; at += STEP) {
      const made = make();
      if (!(await until(made, (how) => killAt(made.world, at, when, how)))) break;
      kills += 1;
      await check(made, `killed ${when} append ${at}`);
    }
  }
  let failures = 0;
  for (let sync = 2; ; sync += STEP) {
    const made = make();
    const torn = sync % 2 === 0 ? 'nothing' : 'half';
    if (!(await until(made, (how) => failPowerAt(made.world, sync, torn, how)))) break;
    failures += 1;
    await check(made, `power failed at write ${sync}`);
  }
  return { kills, failures };
}

/** Between the start of a pause and its end, no agent of that name starts; and after it one, until it has worked. */
function expectNoStartInPause(log: readonly RunEvent[], label: string): void {
  const pauses = new Map<string, { until: number; tried: Set<string> }>();
  const agents = new Map<string, string>();
  for (const event of log) {
    if (event.type === 'agent-paused')
      pauses.set(event.agent, { until: event.until ?? Number.POSITIVE_INFINITY, tried: new Set() });
    else if (event.type === 'agent-unpaused') pauses.delete(event.agent);
    else if (event.type === 'task-dispatched') agents.set(event.taskId, event.agent ?? '');
    else if (event.type === 'agent-launching') {
      const pause = pauses.get(agents.get(event.taskId) ?? '');
      if (pause === undefined) continue;
      expect(event.at, `${label}: start of ${event.taskId} in a pause`).toBeGreaterThanOrEqual(pause.until);
      pause.tried.add(event.taskId);
      expect(pause.tried.size, `${label}: tried with ${[...pause.tried]}`).toBe(1);
    }
  }
}

function expectAllLanded(coordinator: Coordinator, label: string): void {
  const found = [...coordinator.state.tasks.values()].map(({ task, outcome }) => [task.id, outcome]);
  expect(Object.fromEntries(found), label).toEqual(ALL_LANDED);
}

/** An account that does not work before this much time is over. */
function blockedFor(made: AccountWorld, name: string, ms: number, failure: Account['failure']): void {
  const end = made.clock.now() + ms;
  Object.defineProperty(made.accounts[name] as Account, 'failure', {
    get: () => (made.clock.now() < end ? failure : undefined),
  });
}

describe('runs in which agents are paused and caps are reached, killed at any append and resumed', {
  timeout: LIMIT_MS,
}, () => {
  it('land all when the quota comes back, with no more starts than were running and one for each try', async () => {
    const failed: number[] = [];
    const { kills, failures } = await killEverywhere({
      make: () => {
        const made = new AccountWorld(IDS, { claude: {} }, { options: { maxInstances: 2 } });
        blockedFor(made, 'claude', 150_000, QUOTA);
        return made;
      },
      async end(made, goOn, label) {
        expectAllLanded(await goOn(), label);
        const log = await made.world.journals.read(RUN_ID);
        const pauses = log.flatMap((event) => (event.type === 'agent-paused' ? [event.count] : []));
        const wasted = made.starts.length - IDS.length;
        failed.push(wasted);
        expect(wasted, label).toBeLessThanOrEqual(2 + Math.max(...pauses, 1) - 1);
      },
    });
    console.log(
      `quota, kills: ${kills}, power failures: ${failures}; starts wasted: at most ${Math.max(...failed)}`,
    );
    expect(kills).toBeGreaterThan(100 / STEP);
  });

  it('end when nobody is logged in, and land all when a person has seen to it', async () => {
    const { kills, failures } = await killEverywhere({
      make: () => new AccountWorld(IDS, { claude: { failure: AUTH } }, { options: { maxInstances: 2 } }),
      async end(made, goOn, label) {
        const stopped = await goOn();
        expect(stopped.state.interrupted?.because, label).toBe('agents');
        (made.accounts.claude as Account).failure = undefined;
        expectAllLanded(await goOn(), label);
      },
    });
    console.log(`auth, kills: ${kills}, power failures: ${failures}`);
    expect(kills).toBeGreaterThan(40 / STEP);
  });

  it('fall over to the next agent, and back', async () => {
    const { kills, failures } = await killEverywhere({
      make: () => {
        const made = new AccountWorld(IDS, { claude: {}, codex: {} }, { options: { maxInstances: 2 } });
        blockedFor(made, 'claude', 40_000, QUOTA);
        return made;
      },
      async end(made, goOn, label) {
        expectAllLanded(await goOn(), label);
        expect(made.starts.length - IDS.length, label).toBeLessThanOrEqual(3);
      },
    });
    console.log(`list, kills: ${kills}, power failures: ${failures}`);
    expect(kills).toBeGreaterThan(60 / STEP);
  });

  it.each(['stop', 'finish'] as const)('(%s) end at the cap, and count each token once', async (onCap) => {
    const budget = (tokens: number): Budget => ({ onCap, run: { tokens } });
    const { kills, failures } = await killEverywhere({
      make: () => new TurnsWorld({ ids: IDS, budget: budget(25) }),
      async end(made, goOn, label) {
        const capped = await goOn();
        expect(capped.state.interrupted?.because, label).toBe('budget');
        const turns = made.turns.length;
        await goOn();
        expect(made.turns, label).toHaveLength(turns);
        const raised = await goOn((coordinator) =>
          coordinator.resume({ runId: RUN_ID, options: { budget: budget(1000) } }),
        );
        expectAllLanded(raised, label);
        expect(tokensOf(runUsage(raised.state)), label).toBe(made.turns.length * TURN_TOKENS);
      },
    });
    console.log(`cap (${onCap}), kills: ${kills}, power failures: ${failures}`);
    expect(kills).toBeGreaterThan(60 / STEP);
  });
});
