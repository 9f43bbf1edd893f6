import assert from 'node:assert/strict';
import type { Gate, GateRequest } from '@pwt/core';
import { type Disposable, type TestRunner, using } from './runner.js';

/** Gates that end in each of the ways a gate can end, and a request that all of them can be given. */
export interface GateHarness extends Disposable {
  readonly green: Gate;
  readonly red: Gate;
  /** One that never ends by itself, with a short time-out. Absent if the implementation has no time-out. */
  readonly endless?: Gate;
  /** One that can't be started at all. Absent if that can't happen. */
  readonly broken?: Gate;
  readonly request: GateRequest;
}

/** Proves that a {@link Gate} keeps its contract: each way to end is a verdict, never an exception. */
export function gateSuite(runner: TestRunner, open: () => Promise<GateHarness>): void {
  const test = (name: string, body: (harness: GateHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('a gate', () => {
    test('is green when its check passes', async ({ green, request }) => {
      const verdict = await green.run(request);
      assert.equal(verdict.status, 'green');
      assert.ok(verdict.durationMs >= 0);
    });

    test('is red when its check fails, with the exit code and the end of the output', async ({
      red,
      request,
    }) => {
      const verdict = await red.run(request);
      assert.equal(verdict.status, 'red');
      if (verdict.status !== 'red') return;
      assert.notEqual(verdict.exitCode, 0);
      assert.equal(typeof verdict.summary, 'string');
    });

    test('times out, and says so', async ({ endless, request }) => {
      if (endless) assert.equal((await endless.run(request)).status, 'timed-out');
    });

    test('tells a gate that can not run from a red one', async ({ broken, request }) => {
      if (!broken) return;
      const verdict = await broken.run(request);
      assert.equal(verdict.status, 'broken');
      if (verdict.status === 'broken') assert.notEqual(verdict.message, '');
    });

    test('gives the same verdict when asked again', async ({ green, red, request }) => {
      assert.equal((await green.run(request)).status, (await green.run(request)).status);
      assert.equal((await red.run(request)).status, (await red.run(request)).status);
    });
  });
}
