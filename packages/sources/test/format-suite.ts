import assert from 'node:assert/strict';
import type { Task, TaskSource } from '@pwt/core';
import { taskSourceSuite } from '@pwt/testkit';
import { describe, test } from 'vitest';
import { Checkout } from '../src/checkout.js';
import type { TaskFormat } from '../src/format.js';
import { FormatSource } from '../src/format-source.js';
import { type Option, readOptions } from '../src/options.js';
import type { FormatFixture } from './fixtures/format-fixture.js';
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
      assert.deepEqual(
        diagnostics.filter(({ code }) => code !== 'PWT_TASK_DONE'),
        [],
      );
      const done = diagnostics.some(({ code }) => code === 'PWT_TASK_DONE');
      assert.equal(done, Object.keys(fixture.done).length > 0, 'finished tasks are said to be left out');
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

    test('names only documents and folders that are there', async () => {
      const paths = Object.keys(fixture.files);
      for (const { id, context = {} } of (await load(fixture.files)).tasks) {
        for (const path of context.documents ?? []) assert.ok(paths.includes(path), `${id}: ${path}`);
        const { folder } = context;
        assert.ok(
          folder === undefined || paths.some((path) => path.startsWith(`${folder}/`)),
          `${id}: ${folder}`,
        );
      }
    });

    const { marked } = fixture;
    test('marks finished tasks if it can, and nothing else of a file', async () => {
      assert.equal(format.markDone !== undefined, marked !== undefined, 'the fixture shows what is marked');
      if (!marked) return;
      const { files } = await mark(sourceOf(fixture.files), fixture.files, [marked.id]);
      assert.deepEqual(changed(fixture.files, files), marked.files);
    });

    test.each(
      marked
        ? [
            ['in their order', fixture.ids],
            ['from the last one on', [...fixture.ids].reverse()],
          ]
        : [],
    )('has no task left when each was marked %s, and marks none twice', async (_, ids) => {
      const { files, loaded } = await mark(sourceOf(fixture.files), fixture.files, ids);
      assert.deepEqual((await load(files)).tasks, []);
      const { diagnostics } = await sourceOf(files).load({ ids: fixture.ids });
      for (const id of fixture.ids) {
        const hint = diagnostics.find(({ taskIds }) => taskIds?.[0] === id)?.hint;
        assert.match(hint ?? '', / is finished: /, id);
      }
      const again = await markLoaded(sourceOf(files), files, loaded);
      assert.deepEqual(changed(files, again), {});
    });

    test('marks nothing in files that are gone', async () => {
      const source = sourceOf(fixture.files);
      for (const task of (await source.load({})).tasks)
        for (const { path } of (await source.markDone?.({ task, read: async () => undefined })) ?? [])
          assert.ok(!(path in fixture.files), `${path} is gone`);
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
        diagnostics.filter(({ code }) => code !== 'PWT_TASK_DONE').map((found) => [found.code, found.path]),
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

type Texts = Readonly<Record<string, string>>;

/** Marks unfinished tasks one after the other, each in the files as the one before has left them. */
async function mark(source: TaskSource, files: Texts, ids: readonly string[]) {
  const { tasks } = await source.load({ ids });
  return { loaded: tasks, files: await markLoaded(source, files, tasks) };
}

async function markLoaded(source: TaskSource, files: Texts, tasks: readonly Task[]): Promise<Texts> {
  const now = new Map(Object.entries(files));
  for (const task of tasks) {
    const edits = (await source.markDone?.({ task, read: async (path) => now.get(path) })) ?? [];
    for (const { path, text } of edits) now.set(path, text);
  }
  return Object.fromEntries(now);
}

function changed(before: Texts, after: Texts): Texts {
  return Object.fromEntries(Object.entries(after).filter(([path, text]) => before[path] !== text));
}
