import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { DecisionMessage } from '../src/index.js';
import { killAt } from './mortal.js';
import { TestInbox } from './test-inbox.js';
import { deferred, outcomes, RUN_ID, World, type WorldOptions, writes } from './world.js';

/** One and two are ready when the agent of nine starts; it puts the messages, and ends when it is told to. */
function makeWorld(messages: readonly DecisionMessage[], more: Partial<WorldOptions> = {}) {
  const inbox = new TestInbox();
  const release = deferred<void>();
  let isSaid = false;
  const attempts: Record<string, number> = {};
  const world: World = new World({
    tasks: [makeTask('1'), makeTask('2'), makeTask('9', { dependsOn: ['1', '2'] })],
    claims: ['1', '2', '9'].map((id) => makeClaims(id, `${id}.txt`)),
    work: {},
    options: { review: true, retries: {} },
    inbox,
    play: async ({ request }) => {
      const { id } = request.task;
      attempts[id] = (attempts[id] ?? 0) + 1;
      const files = world.provider.files(request.attempt.workspace);
      if (id === '9') {
        if (!isSaid) for (const message of messages) inbox.put(message);
        isSaid = true;
        await release.promise;
      }
      return writes(`${id}.txt`, request.continues?.feedback === undefined ? 'new\n' : 'better\n')(files);
    },
    ...more,
  });
  return { world, inbox, release, attempts };
}

const land: DecisionMessage = { kind: 'land', taskIds: ['1'] };
/** Not the first in line: what is left is put on top of it. */
const landSecond: DecisionMessage = { kind: 'land', taskIds: ['2'] };
const reject: DecisionMessage = { kind: 'reject', taskIds: ['2'], reason: 'better' };

/** The sink releases the agent of nine when so many requests are done. */
function afterRequests(count: number, release: () => void): Partial<WorldOptions> {
  let done = 0;
  const onEvent = ({ type }: { readonly type: string }) => {
    if (type === 'request-done') done += 1;
    if (done === count) release();
  };
  return { sinks: [{ name: 'test', onEvent }] };
}

const events = async (world: World) => world.journals.read(RUN_ID);

describe('a decision that comes while the run goes on', () => {
  it('is done at once, and what is left goes on', async () => {
    const made = makeWorld(
      [land, reject],
      afterRequests(2, () => made.release.resolve()),
    );
    const summary = await made.world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'ready', '9': 'ready' });
    expect(made.attempts).toEqual({ '1': 1, '2': 2, '9': 1 });
    expect(made.inbox.messages.size).toBe(0);
    await made.world.coordinator().land({ runId: RUN_ID });
    expect(made.world.landed()).toMatchObject({ '1.txt': 'new\n', '2.txt': 'better\n', '9.txt': 'new\n' });
  });

  it('is refused with the reason where there is nothing to decide on, and the run goes on', async () => {
    const wrong: DecisionMessage = { kind: 'land', taskIds: ['9'] };
    const unknown: DecisionMessage = { ...reject, taskIds: ['77'] };
    const made = makeWorld(
      [wrong, unknown],
      afterRequests(2, () => made.release.resolve()),
    );
    expect(outcomes(await made.world.start())).toEqual({ '1': 'ready', '2': 'ready', '9': 'ready' });
    const refused = (await events(made.world)).flatMap((event) =>
      event.type === 'request-done' ? [event.refused?.code] : [],
    );
    expect(refused).toEqual(['PWT_TASK_NOT_READY', 'PWT_TASK_UNKNOWN']);
  });

  it.each([
    ['land', land, 'request-taken'],
    ['land', land, 'landing-chosen'],
    ['land', land, 'land-started'],
    ['land', land, 'landed'],
    ['land', landSecond, 'integration-restarted'],
    ['land', land, 'request-done'],
    ['reject', reject, 'request-taken'],
    ['reject', reject, 'integration-restarted'],
    ['reject', reject, 'request-done'],
  ] as const)('to %s is done once, whatever kills the run: %#', async (kind, message, type) => {
    for (const when of ['before', 'after'] as const) {
      const made = makeWorld([message]);
      expect(await killAt(made.world, (event) => event.type === type, when)).toBe(true);
      made.release.resolve();
      const summary = await made.world.coordinator().resume({ runId: RUN_ID });
      const landed = kind === 'land' ? { [message.taskIds[0] ?? '']: 'landed' } : {};
      expect(outcomes(summary), when).toEqual({ '1': 'ready', '2': 'ready', '9': 'ready', ...landed });
      expect(made.attempts['2'], when).toBe(kind === 'reject' ? 2 : 1);
      const log = await events(made.world);
      const count = (wanted: string) => log.filter((event) => event.type === wanted).length;
      expect([count('landed'), count('request-taken'), count('request-done')], when).toEqual([
        kind === 'land' ? 1 : 0,
        1,
        1,
      ]);
    }
  });
});
