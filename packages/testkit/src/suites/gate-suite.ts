import assert from 'node:assert/strict';
import { type Gate, type GateRequest, hasCode } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

/** Gates that end in each of the ways a gate can end, and a request that all of them can be given. */
export interface GateHarness extends Disposable {
  readonly green: Gate;
  readonly red: Gate;
  /** One that never ends by itself, with a short time-out. Absent if the implementation has no time-out. */
  readonly endless?: Gate;
  /** One that can't be started at all. Absent if that can't happen. */
  readonly broken?: Gate;
  /** One of at least two parts, the first of them red and the last green. Absent if the implementation has no parts. */
  readonly mixed?: Gate;
  readonly request: GateRequest;
}

/** Proves that a {@link Gate} keeps its contract: each way to end is a verdict, never an exception. */
export function gateSuite(runner: TestRunner, open: () => Promise<GateHarness>): void {
  const test = (name: string, body: (harness: GateHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('a gate', () => {
    test('has a name for messages', async ({ green }) => {
      assert.ok(green.name, '`name` must be a word or two that messages can show');
    });

    test('is green when its check passes', async ({ green, request }) => {
      const verdict = await green.run(request);
      assert.equal(verdict.status, 'green', 'a check that passes must give the verdict "green"');
      assert.ok(verdict.durationMs >= 0, `\`durationMs\` must be 0 or more, not ${verdict.durationMs}`);
    });

    test('is red when its check fails, with the exit code and the end of the output', async ({
      red,
      request,
    }) => {
      const verdict = await red.run(request);
      assert.equal(
        verdict.status,
        'red',
        'a check that fails must give the verdict "red", never an exception',
      );
      if (verdict.status !== 'red') return;
      assert.notEqual(verdict.exitCode, 0, '`exitCode` of a red verdict must not be 0');
      assert.equal(typeof verdict.summary, 'string', '`summary` must be the end of the gate’s output');
    });

    test('times out, and says so', async ({ endless, request }) => {
      if (!endless) return;
      const { status } = await endless.run(request);
      assert.equal(status, 'timed-out', 'the gate must end a check beyond its time-out and say "timed-out"');
    });

    test('tells a gate that can not run from a red one', async ({ broken, request }) => {
      if (!broken) return;
      const verdict = await broken.run(request);
      assert.equal(
        verdict.status,
        'broken',
        'a check that can’t be started must give the verdict "broken": it says nothing about the commit',
      );
      if (verdict.status === 'broken') assert.ok(verdict.message, '`message` must say why it could not run');
    });

    test('says of each part what became of it, and runs all of them on demand', async ({
      mixed,
      request,
    }) => {
      if (!mixed) return;
      const verdict = await mixed.run({ ...request, complete: true });
      assert.equal(verdict.status, 'red', 'a gate with a red part must be red');
      const parts = verdict.parts ?? [];
      assert.ok(parts.length > 1, '`parts` must have an entry for each part');
      assert.equal(parts[0]?.status, 'red', 'the red part must be red in `parts`, in its place');
      assert.equal(parts.at(-1)?.status, 'green', 'with `complete`, parts behind a red one must be run, too');
      assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length, 'names of parts must differ');
      assert.equal(new Set(parts.map(({ logFile }) => logFile)).size, parts.length, 'each has its own log');
    });

    test('has one fingerprint, or none', async ({ green, red }) => {
      assert.equal(green.fingerprint, green.fingerprint, '`fingerprint` must not change');
      if (green.fingerprint === undefined) return;
      assert.notEqual(green.fingerprint, '', '`fingerprint` must not be empty: leave it out instead');
      assert.notEqual(
        green.fingerprint,
        red.fingerprint,
        'gates that judge differently need different fingerprints',
      );
    });

    test('gives no verdict on an aborted request', async ({ green, request }) => {
      await assertAborted('run()', (abortSignal) => green.run({ ...request, abortSignal }));
    });

    test('gives none when the request is aborted while the check runs', async ({ endless, request }) => {
      if (!endless) return;
      const stop = new AbortController();
      const run = endless.run({ ...request, abortSignal: stop.signal });
      stop.abort(new Error('the test stops it'));
      await assert.rejects(
        run,
        (error) => hasCode(error, 'PWT_ABORTED'),
        'run() must reject with PWT_ABORTED when its abortSignal is aborted meanwhile: it says nothing about the commit',
      );
    });

    test('gives the same verdict when asked again', async ({ green, red, request }) => {
      const again = 'the same commit must get the same verdict when the gate is asked again';
      assert.equal((await green.run(request)).status, (await green.run(request)).status, again);
      assert.equal((await red.run(request)).status, (await red.run(request)).status, again);
    });
  });
}
