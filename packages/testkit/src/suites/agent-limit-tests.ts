import assert from 'node:assert/strict';
import type { AgentRun, Attempt, LaunchRequest } from '@pwt/core';
import { type AgentLauncherHarness, attach, type LauncherTest } from './agent-launcher-harness.js';
import { within } from './within.js';

const LIMIT_MS = 100;
const HOUR_MS = 3_600_000;
const DEFAULT_PATIENCE_MS = 20_000;

/** That the launcher enforces the time limits of an attempt. */
export function agentLimitTests(test: LauncherTest): void {
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
}

function limited(
  request: LaunchRequest,
  limits: Partial<Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'>>,
): LaunchRequest {
  return { ...request, attempt: { ...request.attempt, ...limits } };
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
