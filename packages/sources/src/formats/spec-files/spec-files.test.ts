import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cpuMs } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../file-system.js';
import { openFormat } from '../../formats.js';

let root: string;
let outside: string;

beforeEach(async () => {
  const home = await mkdtemp(join(tmpdir(), 'pwt-specs-'));
  root = join(home, 'repo');
  outside = join(home, 'outside');
  await mkdir(root);
  await mkdir(outside);
});

afterEach(() => rm(dirname(root), { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>, base = root) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  }
}

const load = (...ids: readonly string[]) =>
  openFormat('spec-files', { root }).load(ids.length > 0 ? { ids } : {});
const loadedIds = async () => (await load()).tasks.map(({ id }) => id);
const codes = async () => (await load()).diagnostics.map(({ code, path }) => [code, path]);

describe('where specs are found', () => {
  it('looks into the usual folders, and at the root without its folders', async () => {
    await write({
      'SPEC-1-a.md': '# A',
      'specs/SPEC-2-a.md': '# A',
      'specs/later/SPEC-3-a.md': '# A',
      'docs/specs/SPEC-4-a.md': '# A',
      'docs/architecture/specs/SPEC-5-a.md': '# A',
      'elsewhere/SPEC-6-a.md': '# A',
      'SPEC-7-folder/README.md': '# Seven',
      'SPEC-7-folder/api/details.md': 'More.',
      'SPEC-7-folder/data.json': '{}',
      'specs/node_modules/SPEC-8-a.md': '# A',
    });
    const { tasks, diagnostics } = await load();
    expect(tasks.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '7']);
    expect(tasks.at(-1)).toMatchObject({
      title: 'Seven',
      specs: [{ path: 'SPEC-7-folder/README.md' }, { path: 'SPEC-7-folder/api/details.md' }],
    });
    expect(diagnostics).toEqual([]);
  });

  it('takes other folders and patterns', async () => {
    await write({ 'a/SPEC-1-x.md': '', 'a/b/SPEC-2-x.md': '', 'c/SPEC-3-x.md': '', 'specs/SPEC-4-x.md': '' });
    const found = async (...globs: readonly string[]) =>
      (await openFormat('spec-files', { root, options: { globs } }).load({})).tasks.map(({ id }) => id);
    expect(await found('a')).toEqual(['1', '2']);
    expect(await found('*/SPEC-*.md')).toEqual(['1', '3', '4']);
    expect(await found('./c/', 'a/**/*.md')).toEqual(['1', '2', '3']);
    expect(await found('c/SPEC-3-x.md')).toEqual(['3']);
    expect(await found('missing')).toEqual([]);
  });

  it('reports a glob that is not usable', async () => {
    const { diagnostics } = await openFormat('spec-files', {
      root,
      options: { globs: ['../up', 'specs'] },
    }).load({});
    expect(diagnostics).toMatchObject([{ code: 'PWT_PATTERN_OUTSIDE', severity: 'error' }]);
  });
});

describe('which tasks are loaded', () => {
  beforeEach(() => write({ 'specs/SPEC-020-a.md': '# A', 'specs/SPEC-21-b.md': '# B' }));

  it('loads the asked ones in the order they were asked for', async () => {
    expect((await load('21', '20', '21')).tasks.map(({ id }) => id)).toEqual(['21', '20']);
  });

  it('reports one that does not exist, and loads the others', async () => {
    const { tasks, diagnostics } = await load('20', '99');
    expect(tasks.map(({ id }) => id)).toEqual(['20']);
    expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_UNKNOWN', severity: 'error', taskIds: ['99'] }]);
  });

  it('knows the ways to name a task', () => {
    const source = openFormat('spec-files', { root });
    expect(['US-020', 'PRIORITY 20', '020', 'SPEC-020'].map((id) => source.normaliseId?.(id))).toEqual(
      new Array(4).fill('20'),
    );
  });

  it('says which task a priority number means', async () => {
    await write({
      'specs/SPEC-12-us-047-x.md': '',
      'specs/SPEC-012-y.md': '',
      'specs/SPEC-11-us-072-z.md': '',
    });
    expect((await load('11')).diagnostics[0]).toMatchObject({
      code: 'PWT_TASK_UNKNOWN',
      hint: expect.stringContaining('72'),
    });
    expect((await load('12')).diagnostics[0]).toMatchObject({
      code: 'PWT_TASK_ID_AMBIGUOUS',
      severity: 'info',
    });
  });

  it('keeps quiet about specs that were not asked for', async () => {
    await write({ 'specs/SPEC-30-c.md': '**Dependencies**: SPEC-77' });
    expect((await load('20')).diagnostics).toEqual([]);
    expect((await load('30')).diagnostics).toMatchObject([{ code: 'PWT_DEPENDENCY_UNKNOWN' }]);
  });
});

describe('bad input', () => {
  beforeEach(() => write({ 'specs/SPEC-1-good.md': '# Good' }));

  it('leaves a binary file out', async () => {
    await write({ 'specs/SPEC-2-binary.md': Uint8Array.from({ length: 4000 }, (_, n) => (n * 7) % 256) });
    expect(await loadedIds()).toEqual(['1']);
    expect(await codes()).toEqual([['PWT_SPEC_BINARY', 'specs/SPEC-2-binary.md']]);
  });

  it('reads around NUL bytes and invalid UTF-8', async () => {
    await write({
      'specs/SPEC-2-nul.md': '# A\0B and much more text',
      'specs/SPEC-3-latin1.md': Buffer.from('# Caf\xe9 and much more text', 'latin1'),
    });
    const { tasks } = await load();
    expect(tasks.map(({ title }) => title)).toEqual([
      'Good',
      'A\ufffdB and much more text',
      'Caf\ufffd and much more text',
    ]);
    expect((await codes()).map(([code]) => code)).toEqual(['PWT_SPEC_ENCODING', 'PWT_SPEC_ENCODING']);
    await write({ 'specs/SPEC-3-latin1.md': Buffer.from('# T\n\nCaf\xe9 and much more text\n', 'latin1') });
    expect((await load('3')).diagnostics).toMatchObject([{ path: 'specs/SPEC-3-latin1.md', line: 3 }]);
  });

  it('reads UTF-16 with its mark', async () => {
    await write({ 'specs/SPEC-2-utf16.md': Buffer.from('\ufeff# Wide', 'utf16le') });
    expect((await load('2')).tasks[0]?.title).toBe('Wide');
  });

  it('does not read a spec of 50 MB', async () => {
    await write({ 'specs/SPEC-2-huge.md': '# Huge' });
    await truncate(join(root, 'specs/SPEC-2-huge.md'), 50_000_000);
    const { tasks, diagnostics } = await load();
    expect(tasks.map(({ id }) => id)).toEqual(['1']);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_SPEC_TOO_LARGE', severity: 'error', message: expect.stringContaining('50 MB') },
    ]);
  });

  it('warns of an empty spec', async () => {
    await write({ 'specs/SPEC-2-empty.md': ' \n' });
    expect(await loadedIds()).toEqual(['1', '2']);
    expect(await codes()).toEqual([['PWT_SPEC_EMPTY', 'specs/SPEC-2-empty.md']]);
  });

  it('does not follow links out of the repository', async () => {
    await write({ 'SPEC-2-secret.md': '# Secret', 'more/SPEC-3-x.md': '' }, outside);
    await symlink(join(outside, 'SPEC-2-secret.md'), join(root, 'specs/SPEC-2-secret.md'));
    await mkdir(join(root, 'docs'));
    await symlink(join(outside, 'more'), join(root, 'docs/specs'));
    expect(await loadedIds()).toEqual(['1']);
    expect(await codes()).toEqual([
      ['PWT_SPEC_OUTSIDE', 'docs/specs'],
      ['PWT_SPEC_OUTSIDE', 'specs/SPEC-2-secret.md'],
    ]);
  });

  it('follows links within the repository, and reports those to nowhere', async () => {
    await write({ 'lib/text.md': '# Linked' });
    await symlink('../lib/text.md', join(root, 'specs/SPEC-2-link.md'));
    await symlink('../nowhere.md', join(root, 'specs/SPEC-3-lost.md'));
    expect(await loadedIds()).toEqual(['1', '2']);
    expect(await codes()).toEqual([['PWT_SPEC_UNREADABLE', 'specs/SPEC-3-lost.md']]);
  });

  it('does not run in circles', async () => {
    await symlink('.', join(root, 'specs/loop'));
    expect(await loadedIds()).toEqual(['1']);
  });

  it('reports a spec that can not be read, and loads the others', async () => {
    await write({ 'specs/SPEC-2-locked.md': '# Locked' });
    const fs = {
      ...nodeFileSystem,
      read: (path: string, maxBytes: number) =>
        path.includes('locked') ? Promise.reject(new Error('EACCES')) : nodeFileSystem.read(path, maxBytes),
    };
    const { tasks, diagnostics } = await openFormat('spec-files', { root, fs }).load({});
    expect(tasks.map(({ id }) => id)).toEqual(['1']);
    expect(diagnostics).toMatchObject([{ code: 'PWT_SPEC_UNREADABLE', path: 'specs/SPEC-2-locked.md' }]);
  });

  it('takes names with line breaks and shell characters as they are', async () => {
    const name = 'SPEC-2-$(rm -rf ~); "a" & \'b\'\n`c`.md';
    await write({ [`specs/${name}`]: '# Odd' });
    expect((await load('2')).tasks).toMatchObject([{ id: '2', specs: [{ path: `specs/${name}` }] }]);
  });

  it('does not wait for a pipe that a link leads to', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await symlink('../pipe', join(root, 'specs/SPEC-7-pipe.md'));
    const { diagnostics } = await load();
    expect(diagnostics.find(({ path }) => path === 'specs/SPEC-7-pipe.md')).toMatchObject({
      code: 'PWT_SPEC_UNREADABLE',
      message: expect.stringContaining('no regular file'),
    });
  });

  it('finds nothing in an empty repository without complaint', async () => {
    await rm(join(root, 'specs'), { recursive: true });
    expect(await load()).toEqual({ tasks: [], diagnostics: [] });
  });
});

it('loads thousands of specs quickly', async () => {
  await mkdir(join(root, 'specs'));
  const numbers = Array.from({ length: 2000 }, (_, n) => n + 1);
  await Promise.all(numbers.map((n) => writeFile(join(root, `specs/SPEC-${n}-x.md`), `# Task ${n}\n`)));
  const start = cpuMs();
  expect((await load()).tasks).toHaveLength(2000);
  expect(cpuMs() - start).toBeLessThan(5000);
});
