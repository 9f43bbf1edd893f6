import assert from 'node:assert/strict';
import { isPwtError } from '@pwt/core';
import { attach, type LauncherTest } from './agent-launcher-harness.js';

/** What becomes of an agent whose machine is lost. Nothing, where the launcher has one machine. */
export function agentMachineTests(test: LauncherTest): void {
  test('says that an agent was lost with its machine, and starts it nowhere else', async (harness) => {
    if (harness.loseMachine === undefined) return;
    const request = await harness.request();
    const { host } = request.attempt.workspace;
    const launcher = await harness.launcher({ waits: true });
    const run = await launcher.launch(request);
    await harness.loseMachine(request);
    const exit = await run.exited;
    assert.deepEqual(
      [exit.kind, exit.lostWith],
      ['lost', host],
      '`exited` of an agent whose machine is lost must be { kind: "lost", lostWith: its name }',
    );
    const found = await attach(await harness.reopen({ waits: true }), request.attempt);
    const again = await found.exited;
    assert.deepEqual(
      [again.kind, again.lostWith],
      ['lost', host],
      'attach() of an attempt that was lost with its machine must say the same',
    );
    await assert.rejects(
      launcher.launch(request),
      isPwtError,
      'an attempt that was lost with its machine must not be started again',
    );
  });
}
