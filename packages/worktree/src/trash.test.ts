import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Trash } from './trash.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pwt-trash-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('passes over an entry that goes between listing the folder and reading it', async () => {
  const trash = new Trash(folder);
  const from = join(folder, 'worktree');
  await mkdir(from);
  const entry = await trash.take(from, 'w1');
  // What a removal beside this one leaves for a moment: a name, and no file any more.
  await symlink(join(folder, 'gone'), join(folder, 'w2-00000000.json'));
  expect(await trash.list()).toEqual([entry]);
  expect(await trash.damaged()).toEqual([]);
});
