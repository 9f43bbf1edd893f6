import assert from 'node:assert/strict';
import {
  type AgentLauncher,
  type AgentRun,
  type Attempt,
  type Continuation,
  isPwtError,
  type LaunchRequest,
} from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';
import { within } from './within.js';

/** What the agent of a test does: end with an exit code, or go on, silently, until it is released or stopped. */
export type AgentBehaviour = { readonly exitCode: number } | { readonly waits: true };

export interface AgentLauncherHarness extends Disposable {
  /** A launcher whose agents behave like this. */
  launcher(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** Another launcher over the same machine, as a new process would have one. */
  reopen(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** A request for a fresh attempt, with its own `stateDir` and without time limits. */
  request(): Promise<LaunchRequest>;
  /** Lets the waiting agent of this attempt end with 0. */
  release(request: LaunchRequest): Promise<void>;
  /**
   * Moves the clock that all launchers of the harness go by. Without it the limits of the tests are real, and what needs
   * a clock is not tested.
   */
  advance?(ms: number): void | Promise<void>;
  /** What the agent of an attempt was told, in full. Without it, what needs it is not tested. */
  promptOf?(request: LaunchRequest): Promise<string>;
  /** How long an agent may take to be gone once it is beyond its limit, in real time. @default 20000 */
  readonly patienceMs?: number;
}

const LIMIT_MS = 100;
const HOUR_MS = 3_600_000;
const DEFAULT_PATIENCE_MS = 20_000;

/** Proves that an {@link AgentLauncher} keeps its contract. */
export function agentLauncherSuite(runner: TestRunner, open: () => Promise<AgentLauncherHarness>): void {
  const test = (name: string, body: (harness: AgentLauncherHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('an agent launcher', () => {
    test('starts an agent and tells how it ended', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      await launcher.check();
      const exit = await (await launcher.launch(await harness.request())).exited;
      assert.equal(exit.kind, 'exited', '`exited` must say "exited" of an agent that ended by itself');
      assert.equal(exit.exitCode, 0, '`exitCode` must be that of the agent');
      assert.ok(exit.durationMs >= 0, `\`durationMs\` must be 0 or more, not ${exit.durationMs}`);
    });

    test('hands on an exit code as it is', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 7 });
      const exit = await (await launcher.launch(await harness.request())).exited;
      assert.deepEqual(
        [exit.kind, exit.exitCode],
        ['exited', 7],
        'an agent that ends with 7 must be told as { kind: "exited", exitCode: 7 }',
      );
    });

    test('says when the agent was started, and other facts as plain data', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      const run = await launcher.launch(await harness.request());
      assert.equal(typeof run.startedAt, 'number', '`startedAt` must be milliseconds since the epoch');
      const details = run.details ?? {};
      assert.deepEqual(
        JSON.parse(JSON.stringify(details)),
        details,
        '`details` must be plain data that survives JSON',
      );
      await run.exited;
    });

    test('ends its events when the agent ends, read or unread', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      const run = await launcher.launch(await harness.request());
      await run.exited;
      await drain(run);
    });

    test('stops an agent, twice if need be', async (harness) => {
      const launcher = await harness.launcher({ waits: true });
      const run = await launcher.launch(await harness.request());
      await Promise.all([run.stop(), run.stop()]);
      assert.equal((await run.exited).kind, 'stopped', '`exited` must say "stopped" after stop()');
      await run.stop();
    });

    test('finds a running agent again and waits for the same end', async (harness) => {
      const request = await harness.request();
      const first = await (await harness.launcher({ waits: true })).launch(request);
      const found = await attach(await harness.reopen({ waits: true }), request.attempt);
      assert.equal(
        found.startedAt,
        first.startedAt,
        '`startedAt` of an agent that is found again must be its first start, not the time of attach()',
      );
      await harness.release(request);
      const exit = await found.exited;
      assert.deepEqual(
        [exit.kind, exit.exitCode],
        ['exited', 0],
        '`exited` of an agent that is found again must say how it ended',
      );
      await first.exited;
    });

    test('finds out how an agent ended while no program looked after it', async (harness) => {
      const request = await harness.request();
      await (await (await harness.launcher({ exitCode: 5 })).launch(request)).exited;
      const found = await attach(await harness.reopen({ exitCode: 5 }), request.attempt);
      const exit = await found.exited;
      assert.deepEqual(
        [exit.kind, exit.exitCode],
        ['exited', 5],
        'attach() of an attempt that has ended must still say how: keep it in the attempt’s stateDir',
      );
    });

    test('fences an attempt that was never started', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      assert.equal(
        await launcher.attach(request.attempt),
        undefined,
        'attach() of an attempt that was never started must be undefined',
      );
      await assert.rejects(
        launcher.launch(request),
        isPwtError,
        'after attach() has said undefined, launch() of that attempt must reject with a PwtError: it is given up',
      );
    });

    test('never starts one attempt twice', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      await (await launcher.launch(request)).exited;
      await assert.rejects(
        launcher.launch(request),
        isPwtError,
        'a second launch() of one attempt must reject with a PwtError',
      );
    });

    test('starts nothing for a request that is aborted', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      await assertAborted('launch()', (abortSignal) => launcher.launch({ ...request, abortSignal }));
      assert.equal(
        await launcher.attach(request.attempt),
        undefined,
        'launch() of an aborted request must start nothing',
      );
    });

    test('ends an agent whose total time is up', async (harness) => {
      const launcher = await harness.launcher({ waits: true });
      const request = limited(await harness.request(), { timeoutMs: LIMIT_MS });
      await endsBy('timed-out', harness, await launcher.launch(request), 'an agent beyond its `timeoutMs`');
    });

    test('ends an agent that prints nothing for too long', async (harness) => {
      const launcher = await harness.launcher({ waits: true });
      const request = limited(await harness.request(), { idleTimeoutMs: LIMIT_MS });
      const what = 'an agent that prints nothing for longer than its `idleTimeoutMs`';
      await endsBy('idle-timed-out', harness, await launcher.launch(request), what);
    });

    test('knows no limit where it is 0', async (harness) => {
      const launcher = await harness.launcher({ waits: true });
      const request = await harness.request();
      const free = await launcher.launch(request);
      const other = limited(await harness.request(), { timeoutMs: LIMIT_MS });
      await endsBy('timed-out', harness, await launcher.launch(other), 'an agent beyond its `timeoutMs`');
      await harness.release(request);
      const { kind } = await free.exited;
      assert.equal(kind, 'exited', 'a limit of 0 means none: the agent must go on until it ends by itself');
    });

    test('enforces the limits that attach is given, also of an agent that had others', async (harness) => {
      const request = await harness.request();
      const first = await (await harness.launcher({ waits: true })).launch(request);
      const { attempt } = limited(request, { timeoutMs: LIMIT_MS });
      const found = await attach(await harness.reopen({ waits: true }), attempt);
      await endsBy(
        'timed-out',
        harness,
        found,
        'an agent that is found again, beyond the `timeoutMs` given to attach(),',
      );
      await first.exited;
    });

    test('counts the time of an agent that is found again from its first start', async (harness) => {
      if (harness.advance === undefined) return;
      const request = await harness.request();
      const first = await (await harness.launcher({ waits: true })).launch(request);
      await harness.advance(HOUR_MS);
      const { attempt } = limited(request, { timeoutMs: HOUR_MS - 1 });
      const found = await attach(await harness.reopen({ waits: true }), attempt);
      const what = 'an agent that is found beyond its `timeoutMs`, counted from its first start,';
      await endsBy('timed-out', { ...harness, advance: () => undefined }, found, what);
      await first.exited;
    });

    test('tells an attempt that continues why the one before was not enough', async (harness) => {
      if (harness.promptOf === undefined) return;
      const feedback = 'The test "adds" is red:\nexpected 3, got 4; $(touch pwned) {{taskId}}';
      const told = async (continues: Continuation) => {
        const request = { ...(await harness.request()), continues };
        await (await (await harness.launcher({ exitCode: 0 })).launch(request)).exited;
        return harness.promptOf?.(request);
      };
      for (const continues of [{ feedback }, { feedback, sessionId: 'session-1' }]) {
        const prompt = (await told(continues)) ?? '';
        assert.ok(
          prompt.includes(feedback),
          `the agent of a request with \`continues\` must be told its \`feedback\`, as it is; it was told: ${prompt}`,
        );
      }
    });
  });
}

function limited(
  request: LaunchRequest,
  limits: Partial<Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'>>,
): LaunchRequest {
  return { ...request, attempt: { ...request.attempt, ...limits } };
}

async function attach(launcher: AgentLauncher, attempt: Attempt): Promise<AgentRun> {
  const found = await launcher.attach(attempt);
  assert.ok(found, 'attach() must find the agent of an attempt that another launcher has started');
  return found;
}

/** Lets the limits pass, and asserts that the launcher has ended the agent because of them. */
async function endsBy(
  kind: 'timed-out' | 'idle-timed-out',
  harness: AgentLauncherHarness,
  run: AgentRun,
  what: string,
): Promise<void> {
  const { patienceMs = DEFAULT_PATIENCE_MS } = harness;
  await harness.advance?.(HOUR_MS);
  try {
    const contract = `the launcher must end ${what} and say "${kind}"`;
    const exit = await within(patienceMs, run.exited, `${contract}; the agent still runs`);
    assert.equal(exit.kind, kind, `${contract}; \`exited\` says "${exit.kind}"`);
  } finally {
    await run.stop();
  }
}

async function drain(run: AgentRun): Promise<void> {
  for await (const activity of run.events)
    assert.ok(
      activity.text.length <= 200,
      `the text of an activity must be one line of at most 200 characters, not ${activity.text.length}`,
    );
}
