import assert from 'node:assert/strict';
import { taskSourceSuite } from '@pwt/testkit';
import { describe, test } from 'vitest';
import { Checkout } from '../src/checkout.js';
import type { TaskFormat } from '../src/format.js';
import { FormatSource } from '../src/format-source.js';
import { type Option, readOptions } from '../src/options.js';
import type { FormatFixture } from './fixtures.js';
import { type MemoryContent, MemoryFiles, ROOT } from './memory-files.js';

type Files = Readonly<Record<string, MemoryContent>>;

/** Proves that a format keeps its contract on a fixture, and that its tasks are a source of tasks. */
export function formatSuite(format: TaskFormat, fixture: FormatFixture): void {
  const sourceOf = (files: Files, options: object = {}) =>
    new FormatSource(format, { root: ROOT, options, fs: new MemoryFiles(files) });
  const load = (files: Files, options?: object) => sourceOf(files, options).load({});
  const detect = (files: Files) => format.detect(new Checkout(ROOT, new MemoryFiles(files)));

  describe(`the format ${format.name}`, () => {
    taskSourceSuite({ describe, test }, async () => ({
      source: sourceOf(fixture.files),
      ids: fixture.ids,
      dispose: async () => undefined,
    }));

    test('gives its tasks in the order of the files', async () => {
      const { tasks, diagnostics } = await load(fixture.files);
      assert.deepEqual(
        tasks.map(({ id }) => id),
        fixture.ids,
      );
      assert.deepEqual(diagnostics, []);
    });

    test('is detected where it is, with options that give the same tasks', async () => {
      const detected = await detect(fixture.files);
      assert.ok(detected && detected.path in fixture.files, 'a file of the fixture shows it');
      const options = readOptions(format, detected.options);
      assert.deepEqual(await load(fixture.files, options), await load(fixture.files));
    });

    test('is not detected where there is nothing, or what only looks like it', async () => {
      assert.equal(await detect({}), undefined);
      assert.equal(await detect({ 'README.md': '# A project\n', 'src/a.ts': '' }), undefined);
      assert.equal(await detect(fixture.lookalikes ?? {}), undefined);
    });

    test('has no tasks where there are none, without complaint', async () => {
      assert.deepEqual(await load({}), { tasks: [], diagnostics: [] });
    });

    test('says of a finished task what shows that', async () => {
      const ids = Object.keys(fixture.done);
      const { tasks, diagnostics } = await sourceOf(fixture.files).load({ ids });
      assert.deepEqual(tasks, []);
      assert.deepEqual(
        Object.fromEntries(diagnostics.map(({ taskIds, hint }) => [taskIds?.[0], hint])),
        fixture.done,
      );
    });

    test('lets no task wait for a finished one', async () => {
      for (const { dependsOn } of (await load(fixture.files)).tasks)
        for (const id of dependsOn) assert.ok(!(id in fixture.done), `${id} is finished`);
    });

    test('understands ids as they are typed', () => {
      for (const [typed, id] of Object.entries(fixture.typed)) assert.equal(format.normaliseId(typed), id);
    });

    const { path, left } = fixture.breakable;
    const outside = { link: '/elsewhere/secret.md' };
    test.each([
      ['binary', Uint8Array.from({ length: 999 }, (_, n) => (n * 7) % 32), 'PWT_SPEC_BINARY'],
      ['too large', new Uint8Array(5_000_001), 'PWT_SPEC_TOO_LARGE'],
      ['a link that leads out of the repository', outside, 'PWT_SPEC_OUTSIDE'],
      ['a link to nothing', { link: `${ROOT}/nothing.md` }, 'PWT_SPEC_UNREADABLE'],
    ])('reports a file that is %s, and reads the others', async (_, content, code) => {
      const { tasks, diagnostics } = await load({ ...fixture.files, [path]: content });
      assert.deepEqual(tasks.map(({ id }) => id).sort(), [...left].sort());
      assert.deepEqual(
        diagnostics.map((found) => [found.code, found.path]),
        [[code, path]],
      );
    });

    test('looks at nothing outside of the checkout', async () => {
      const files = new MemoryFiles({ ...fixture.files, [path]: outside });
      await new FormatSource(format, { root: ROOT, options: {}, fs: files }).load({});
      await format.detect(new Checkout(ROOT, files));
      for (const path of files.touched) assert.match(path, new RegExp(`^${ROOT}(?:/|$)`));
    });

    test('refuses options that it does not have', () => {
      for (const options of [{ unknown: 1 }, 'text', ['list'], ...fixture.refused]) {
        assert.throws(() => readOptions(format, options, { path: 'pwt.config.json' }), {
          code: 'PWT_FORMAT_OPTIONS',
          place: { path: 'pwt.config.json' },
        });
      }
    });

    test('takes the options that its table has as examples', () => {
      const table = Object.entries(format.options) as [string, Option<unknown>][];
      const examples = Object.fromEntries(table.map(([name, { example }]) => [name, example]));
      assert.deepEqual(readOptions(format, examples), examples);
    });
  });
}
