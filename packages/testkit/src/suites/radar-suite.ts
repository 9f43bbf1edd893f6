import assert from 'node:assert/strict';
import type { LiveWork, Radar, Sighting } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

/** A repository with two works under way, from a tip whose file `shared.txt` is `one\n`. Neither has changed anything. */
export interface RadarHarness extends Disposable {
  readonly radar: Radar;
  readonly works: readonly [LiveWork, LiveWork];
  /** The tip that the works are for. */
  tip(): string;
  /** Writes a file into the checkout of a work; nothing is committed. */
  write(work: LiveWork, path: string, text: string): Promise<void>;
  /** Commits a file on top of the tip. */
  commitOnTip(path: string, text: string): Promise<void>;
}

/** Proves that a {@link Radar} keeps its contract. */
export function radarSuite(runner: TestRunner, open: () => Promise<RadarHarness>): void {
  const test = (name: string, body: (harness: RadarHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  const look = async ({ radar, works, tip }: RadarHarness): Promise<readonly [Sighting, Sighting]> => {
    const { sightings, onto } = await radar.look({ works, onto: tip() });
    assert.equal(onto, tip(), '`onto` must be that of the request');
    const ids = sightings.map(({ id }) => id);
    assert.deepEqual(
      ids,
      works.map(({ id }) => id),
      'there must be one sighting for each work, in their order',
    );
    return sightings as unknown as readonly [Sighting, Sighting];
  };

  runner.describe('a radar', () => {
    test('has a name for messages', async ({ radar }) => {
      assert.ok(radar.name, '`name` must be a word or two that messages can show');
    });

    test('does not look for an aborted request', async ({ radar, works, tip }) => {
      await assertAborted('look()', (abortSignal) => radar.look({ works, onto: tip(), abortSignal }));
    });

    test('sees nothing where nothing was changed', async (harness) => {
      for (const { changes, colliding, stale } of await look(harness))
        assert.deepEqual({ changes, colliding, stale }, { changes: [], colliding: [], stale: undefined });
    });

    test('sees uncommitted and new files, and no collision of different ones', async (harness) => {
      const { works, write } = harness;
      await write(works[0], 'shared.txt', 'first\n');
      await write(works[1], 'deep/new.txt', 'second\n');
      const [first, second] = await look(harness);
      assert.deepEqual([first.changes, second.changes], [['shared.txt'], ['deep/new.txt']]);
      assert.deepEqual([first.colliding, second.colliding], [[], []], 'different files do not collide');
    });

    test('sees two works that change the same file in different ways, from both sides', async (harness) => {
      const { works, write } = harness;
      await write(works[0], 'shared.txt', 'first\n');
      await write(works[1], 'shared.txt', 'second\n');
      const seen = await look(harness);
      for (const [at, { colliding }] of seen.entries()) {
        const other = works[1 - at]?.id;
        const found = colliding.map((one) => [one.with, one.paths.map(({ path }) => path)]);
        assert.deepEqual(found, [[other, ['shared.txt']]], 'both works must name each other, and the file');
      }
    });

    test('sees no collision in the same change, and none in one that was taken back', async (harness) => {
      const { works, write } = harness;
      for (const work of works) await write(work, 'shared.txt', 'same\n');
      assert.deepEqual((await look(harness))[0].colliding, [], 'the same change on both sides merges');
      await write(works[1], 'shared.txt', 'other\n');
      assert.equal((await look(harness))[0].colliding.length, 1, 'a change since the last look must be seen');
      await write(works[0], 'shared.txt', 'one\n');
      const [first, second] = await look(harness);
      assert.deepEqual([first.changes, first.colliding, second.colliding], [[], [], []]);
    });

    test('sees that the tip has changed the same file', async (harness) => {
      const { works, write, commitOnTip } = harness;
      await write(works[0], 'shared.txt', 'first\n');
      await write(works[1], 'other.txt', 'second\n');
      await commitOnTip('shared.txt', 'tip\n');
      const [first, second] = await look(harness);
      assert.deepEqual(
        first.stale?.conflicts.map(({ path }) => path),
        ['shared.txt'],
      );
      assert.equal(second.stale, undefined, 'a work that changes other files is not stale');
      assert.deepEqual(second.changes, ['other.txt'], 'what the tip has changed is no change of a work');
    });

    test('says why it does not see a work, and sees the others', async ({ radar, works, tip, write }) => {
      await write(works[0], 'shared.txt', 'first\n');
      const lost = { id: 'lost', path: `${works[1].path}-is-not-there` };
      const { sightings } = await radar.look({ works: [lost, works[0]], onto: tip() });
      assert.ok(sightings[0]?.unseen, '`unseen` must say why');
      assert.deepEqual(sightings[1]?.changes, ['shared.txt']);
    });

    test('may be used again after it was closed', async (harness) => {
      await harness.write(harness.works[0], 'shared.txt', 'first\n');
      await look(harness);
      await harness.radar.close();
      await harness.radar.close();
      assert.deepEqual((await look(harness))[0].changes, ['shared.txt']);
    });
  });
}
