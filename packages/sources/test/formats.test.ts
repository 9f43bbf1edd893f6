import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { detectFormats, formats, openFormat } from '../src/formats.js';
import { fixtures } from './fixtures/fixtures.js';
import type { FormatFixture } from './fixtures/format-fixture.js';
import { formatSuite } from './format-suite.js';
import { MemoryFiles, ROOT } from './memory-files.js';
import { todoFiles } from './todo-files.js';

for (const format of formats) {
  const fixture = fixtures[format.name];
  if (!fixture) throw new Error(`test/fixtures/fixtures.ts has no fixture for the format ${format.name}`);
  formatSuite(format, fixture);
}

const todo: FormatFixture = {
  files: { 'todo/one.md': 'First.\n', 'todo/three.md': 'Third.\n', 'todo/two.md': 'Done. Second.\n' },
  ids: ['one', 'three'],
  done: { two: 'two is finished: todo/two.md begins with "Done".' },
  typed: { One: 'one' },
  breakable: { path: 'todo/three.md', left: ['one'] },
  marked: { id: 'one', files: { 'todo/one.md': 'Done. First.\n' } },
  refused: [{ folders: ['..'] }],
};
formatSuite(todoFiles, todo);

describe('the README', () => {
  it('shows the format that is proven here', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const [, shown = ''] = /^ {3}```ts\n(.*?)^ {3}```$/ms.exec(readme) ?? [];
    const code = shown.replace(/^ {3}/gm, '').replaceAll("'../", "'../src/");
    expect(await readFile(new URL('todo-files.ts', import.meta.url), 'utf8')).toBe(code);
  });
});

describe('the formats', () => {
  it('have names of their own, which the documentation describes in the same order', async () => {
    const docs = await readFile(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
    const names = formats.map(({ name }) => name);
    expect([...docs.matchAll(/^## (\S+)$/gm)].map(([, name]) => name)).toEqual(names);
    expect([...docs.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, name]) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
  });

  it.each(formats.map(({ name }) => name))('tells %s from all others', async (name) => {
    const fs = new MemoryFiles(fixtures[name]?.files ?? {});
    expect((await detectFormats(ROOT, fs)).map((found) => found.name)).toEqual([name]);
  });

  it('detects several in one checkout', async () => {
    const all = Object.values(fixtures).map(({ files }) => files);
    const fs = new MemoryFiles(Object.assign({}, ...all));
    expect((await detectFormats(ROOT, fs)).map((found) => found.name)).toEqual(
      formats.map(({ name }) => name),
    );
  });

  it('refuses a name that it does not know, with the place and the names that there are', () => {
    const place = { path: 'pwt.config.json' };
    expect(() => openFormat('speckit', { root: ROOT, place })).toThrowError(
      expect.objectContaining({
        code: 'PWT_FORMAT_UNKNOWN',
        hint: expect.stringContaining(formats.map(({ name }) => name).join(', ')),
        place,
      }),
    );
  });
});
