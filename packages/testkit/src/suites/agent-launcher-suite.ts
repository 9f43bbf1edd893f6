import assert from 'node:assert/strict';
import { type AgentLauncher, type AgentRun, isPwtError, type LaunchRequest } from '@pwt/core';
import { type Disposable, type TestRunner, using } from './runner.js';

/** What the agent of a test does: end with an exit code, or go on until it is released or stopped. */
export type AgentBehaviour = { readonly exitCode: number } | { readonly waits: true };

export interface AgentLauncherHarness extends Disposable {
  /** A launcher whose agents behave like this. */
  launcher(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** Another launcher over the same machine, as a new process would have one. */
  reopen(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** A request for a fresh attempt, with its own `stateDir`. */
  request(): Promise<LaunchRequest>;
  /** Lets the waiting agent of this attempt end with 0. */
  release(request: LaunchRequest): Promise<void>;
}

/** Proves that an {@link AgentLauncher} keeps its contract. */
export function agentLauncherSuite(runner: TestRunner, open: () => Promise<AgentLauncherHarness>): void {
  const test = (name: string, body: (harness: AgentLauncherHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('an agent launcher', () => {
    test('starts an agent and tells how it ended', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      await launcher.check();
      const exit = await (await launcher.launch(await harness.request())).exited;
      assert.equal(exit.kind, 'exited');
      assert.equal(exit.exitCode, 0);
      assert.ok(exit.durationMs >= 0);
    });

    test('hands on an exit code as it is', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 7 });
      const exit = await (await launcher.launch(await harness.request())).exited;
      assert.deepEqual([exit.kind, exit.exitCode], ['exited', 7]);
    });

    test('says when the agent was started, and other facts as plain data', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      const run = await launcher.launch(await harness.request());
      assert.equal(typeof run.startedAt, 'number');
      assert.deepEqual(JSON.parse(JSON.stringify(run.details ?? {})), run.details ?? {});
      await run.exited;
    });

    test('ends its events when the agent ends, whether or not anybody reads them', async (harness) => {
      const launcher = await harness.launcher({ exitCode: 0 });
      const run = await launcher.launch(await harness.request());
      await run.exited;
      await drain(run);
    });

    test('stops an agent, twice if need be', async (harness) => {
      const launcher = await harness.launcher({ waits: true });
      const run = await launcher.launch(await harness.request());
      await Promise.all([run.stop(), run.stop()]);
      assert.equal((await run.exited).kind, 'stopped');
      await run.stop();
    });

    test('finds a running agent again and waits for the same end', async (harness) => {
      const request = await harness.request();
      const first = await (await harness.launcher({ waits: true })).launch(request);
      const found = await (await harness.reopen({ waits: true })).attach(request.attempt);
      assert.ok(found);
      await harness.release(request);
      const exit = await found.exited;
      assert.deepEqual([exit.kind, exit.exitCode], ['exited', 0]);
      await first.exited;
    });

    test('finds out how an agent ended while nobody looked', async (harness) => {
      const request = await harness.request();
      await (await (await harness.launcher({ exitCode: 5 })).launch(request)).exited;
      const found = await (await harness.reopen({ exitCode: 5 })).attach(request.attempt);
      const exit = await found?.exited;
      assert.deepEqual([exit?.kind, exit?.exitCode], ['exited', 5]);
    });

    test('fences an attempt that was never started', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      assert.equal(await launcher.attach(request.attempt), undefined);
      await assert.rejects(launcher.launch(request), isPwtError);
    });

    test('never starts one attempt twice', async (harness) => {
      const request = await harness.request();
      const launcher = await harness.launcher({ exitCode: 0 });
      await (await launcher.launch(request)).exited;
      await assert.rejects(launcher.launch(request), isPwtError);
    });
  });
}

async function drain(run: AgentRun): Promise<void> {
  for await (const activity of run.events)
    assert.ok(activity.text.length <= 200, 'an activity is one short line');
}
