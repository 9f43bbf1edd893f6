import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git, listWorktrees, Quarantine } from '@pwt/git';
import { TemporaryRepository } from '@pwt/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextEvent } from '../../test/next-event.js';
import { Checkout } from './checkout.js';
import { readReadingConfig } from './conversion.js';
import { WatchBudget } from './folder-watch.js';
import { Folders } from './trees.js';

const SEED = 20261130;
const ROUNDS = process.env.PWT_PROVE === '1' ? 150 : 12;

/** A small generator of numbers (mulberry32): the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe('the tree of a checkout', () => {
  it.each([
    ['at a first look', false],
    ['when it reads only what has moved', true],
  ])(
    'is the one that git writes, whatever was done to the files: %s',
    async (_name, isWatched) => {
      const next = random(SEED);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
      // Names that git sorts in a way of its own, that are files or folders in turn, or that look like options and patterns.
      const names = ['a', 'a.b', 'a-b', 'a0', 'b', ':(top)c', '-d', '*', 'é', 'x y', '"q"'];
      const path = () => Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(names)).join('/');
      const start = Object.fromEntries(
        ['a/a', 'a.b', 'b/b/a', 'b/a.b', 'a-b/x', '*'].map((name) => [name, name]),
      );
      const repository = await TemporaryRepository.create({ ...start, '.gitignore': 'a0\n' });
      const { path: root, env } = repository;
      const git = new Git({ cwd: root, env });
      const quarantine = await Quarantine.open(join(root, '.git'));
      onTestFinished(async () => {
        await quarantine.close();
        await repository.dispose();
      });
      const inIndex = (...args: string[]) =>
        execFileSync('git', args, { cwd: root, env: { ...env, GIT_INDEX_FILE: join(root, '.git/other') } });
      const config = await readReadingConfig(git);
      const shared = { git, commonDir: join(root, '.git'), config, folders: new Folders() };
      const context = isWatched ? { ...shared, watches: new WatchBudget(1000) } : shared;
      const open = (head: string) => new Checkout(context, { path: root, gitDir: join(root, '.git'), head });
      let checkout: Checkout | undefined;
      onTestFinished(() => checkout?.close());
      for (let round = 0; round < ROUNDS; round += 1) {
        for (let edits = 0; edits < 6; edits += 1) edit(join(root, path()), next);
        if (next() < 0.3) execFileSync('git', ['add', '--all'], { cwd: root, env });
        if (next() < 0.2) execFileSync('git', ['commit', '-qm', 'x', '--allow-empty'], { cwd: root, env });
        const [main] = await listWorktrees(git);
        const head = main?.headCommit ?? '';
        if (isWatched) await nextEvent(root);
        if (!isWatched || checkout === undefined) checkout = open(head);
        await checkout.look(head, quarantine, () => true);
        inIndex('read-tree', 'HEAD');
        inIndex('add', '--all');
        const expected = inIndex('write-tree').toString().trim();
        const commit = await checkout.commit(quarantine);
        quarantine.flush();
        const found = await git.text(['rev-parse', `${commit}^{tree}`], {
          env: { GIT_OBJECT_DIRECTORY: quarantine.objects },
        });
        expect(found, `seed ${SEED}, round ${round}`).toBe(expected);
      }
      await git.run(['fsck', '--strict'], { env: { GIT_OBJECT_DIRECTORY: quarantine.objects } });
    },
    600_000,
  );
});

function edit(file: string, next: () => number): void {
  const what = next();
  try {
    if (what < 0.25) {
      rmSync(file, { recursive: true, force: true });
      return;
    }
    if (what < 0.35 && !existsSync(join(dirname(file), '.git')))
      rmSync(dirname(file), { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
    if (what < 0.45) symlinkSync('a', file);
    else writeFileSync(file, `${next()}\n`);
    if (what > 0.9) chmodSync(file, 0o755);
  } catch (error) {
    // A file where a folder is needed, and the other way round, is left as it is.
    if (
      !['EEXIST', 'ENOTDIR', 'EISDIR', 'ENOENT', 'ELOOP'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    )
      throw error;
  }
}
