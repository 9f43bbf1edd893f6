import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Checkout } from '../src/checkout.js';
import { MemoryFiles, ROOT } from './memory-files.js';

it('lists what a folder holds, by name, and nothing where there is none', async () => {
  const checkout = new Checkout(ROOT, new MemoryFiles({ 'b.md': '', 'a/x.md': 'X', 'c/y.md': '' }));
  expect(await checkout.entries('')).toEqual([
    { name: 'a', kind: 'folder' },
    { name: 'b.md', kind: 'file' },
    { name: 'c', kind: 'folder' },
  ]);
  expect(await checkout.folders('')).toEqual(['a', 'c']);
  expect(await checkout.entries('missing/deep')).toEqual([]);
  expect(await checkout.entries('b.md')).toEqual([]);
  expect(await Promise.all(['a/x.md', 'a', 'a/z.md', 'q/x.md'].map((path) => checkout.has(path)))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(await checkout.read('a/x.md')).toBe('X');
  expect(await checkout.read('a/z.md')).toBeUndefined();
  expect(checkout.problems).toEqual([]);
});

it('leaves the root neither by dots nor by links, and says so', async () => {
  const home = await mkdtemp(join(tmpdir(), 'pwt-checkout-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, 'repo/real'), { recursive: true });
  await mkdir(join(home, 'outside'));
  await writeFile(join(home, 'outside/secret.md'), 'secret');
  await writeFile(join(home, 'repo/real/in.md'), 'in');
  await symlink('../outside', join(home, 'repo/out'));
  await symlink('real', join(home, 'repo/alias'));
  const checkout = new Checkout(join(home, 'repo'));
  expect(await checkout.entries('../outside')).toEqual([]);
  expect(await checkout.read('../outside/secret.md')).toBeUndefined();
  expect(await checkout.read('out/secret.md')).toBeUndefined();
  expect(await checkout.read('real/../../outside/secret.md')).toBeUndefined();
  expect(await checkout.read('alias/in.md')).toBe('in');
  expect(checkout.problems.map(({ code, path }) => [code, path])).toEqual([
    ['PWT_SPEC_OUTSIDE', '../outside'],
    ['PWT_SPEC_OUTSIDE', 'out'],
    ['PWT_SPEC_OUTSIDE', 'real/../../outside'],
  ]);
});

it('names the task that a file belongs to, in the order in which files were asked for', async () => {
  const big = new Uint8Array(5_000_001);
  const checkout = new Checkout(ROOT, new MemoryFiles({ 'a.md': big, 'b.md': 'B', 'c.md': big }));
  const texts = await checkout.readAll([{ path: 'c.md', taskId: '3' }, { path: 'b.md' }, { path: 'a.md' }]);
  expect(texts).toEqual([undefined, 'B', undefined]);
  expect(checkout.problems).toMatchObject([
    { code: 'PWT_SPEC_TOO_LARGE', path: 'c.md', taskIds: ['3'] },
    { code: 'PWT_SPEC_TOO_LARGE', path: 'a.md' },
  ]);
});
