import assert from 'node:assert/strict';
import { type AgentRun, type Continuation, hasCode, isPwtError } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type AgentLauncherHarness, attach, type LauncherTest } from './agent-launcher-harness.js';
import { agentLimitTests } from './agent-limit-tests.js';
import { agentMachineTests } from './agent-machine-tests.js';
import { type TestRunner, using } from './runner.js';

/** Proves that an `AgentLauncher` keeps its contract. */
export function agentLauncherSuite(runner: TestRunner, open: () => Promise<AgentLauncherHarness>): void {
  const test: LauncherTest = (name, body) => void runner.test(name, () => using(open, body));

  runner.describe('an agent launcher', () => {
    test('starts an agent and tells how it ended', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      await launcher.check();
      const exit = await (await launcher.launch(await harness.request())).exited;
      assert.equal(exit.kind, 'exited', '`exited` must say "exited" of an agent that ended by itself');
      assert.equal(exit.exitCode, 0, '`exitCode` must be that of the agent');
      assert.ok(exit.durationMs >= 0, `\`durationMs\` must be 0 or more, not ${exit.durationMs}`);
    });

    test('says beforehand that its program is not there', async (harness) => {
      const launcher = await harness.missing?.();
      if (launcher === undefined) return;
      await assert.rejects(
        launcher.check(),
        (error) => hasCode(error, 'PWT_AGENT_NOT_FOUND'),
        'check() must reject with PWT_AGENT_NOT_FOUND if the agent can’t be started',
      );
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

    test('starts nothing when it only makes an attempt ready', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      await launcher.ready?.(request);
      assert.equal(
        await (await harness.reopen({ exitCode: 0 })).attach(request.attempt),
        undefined,
        'ready() must start nothing',
      );
      const other = await harness.request();
      await launcher.ready?.(other);
      const exit = await (await launcher.launch(other)).exited;
      assert.equal(exit.kind, 'exited', 'launch() must start what ready() has made ready');
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

    agentLimitTests(test);
    agentMachineTests(test);

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

async function drain(run: AgentRun): Promise<void> {
  for await (const { text } of run.events)
    assert.ok(
      text.length <= 200 && !text.includes('\n'),
      `the text of an activity must be one line of at most 200 characters, not ${JSON.stringify(text)}`,
    );
}
