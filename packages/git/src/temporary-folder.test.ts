import { chmodSync, existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { repositoryWith, temporaryFolder } from '../test/repository.js';
import { writeWorktreeTree } from './commit-all.js';
import { mergeTree } from './merge-tree.js';
import { requireCommit } from './refs.js';
import { withTemporaryFolder } from './temporary-folder.js';

describe('temporary folders', () => {
  it('need no TMPDIR, and are gone afterwards', async () => {
    const { git, path } = await repositoryWith({ a: '1', '.gitattributes': '* text=auto\n' });
    const before = readdirSync(join(path, '.git'));
    vi.stubEnv('TMPDIR', join(path, 'missing'));
    try {
      await writeWorktreeTree(git);
      const head = await requireCommit(git, 'HEAD');
      expect(await mergeTree(git, { ours: head, theirs: head })).toMatchObject({ status: 'clean' });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(readdirSync(join(path, '.git'))).toEqual(before);
  });

  it('of processes that died are deleted, but not at once', async () => {
    const gitDir = temporaryFolder();
    const [old, young, alive] = ['pwt-tmp-999999999-a', 'pwt-tmp-999999999-b', `pwt-tmp-${process.pid}-c`];
    const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
    for (const name of [old, young, alive]) mkdirSync(join(gitDir, name, 'inside'), { recursive: true });
    for (const name of [old, alive]) utimesSync(join(gitDir, name), longAgo, longAgo);
    const own = await withTemporaryFolder(gitDir, async (folder) => folder);
    expect(existsSync(own)).toBe(false);
    expect(readdirSync(gitDir).sort()).toEqual([young, alive].sort());
  });

  it.skipIf(process.platform !== 'linux')('of processes that died here are deleted at once', async () => {
    const [elsewhere, gitDir] = [temporaryFolder(), temporaryFolder()];
    const name = await withTemporaryFolder(elsewhere, async (folder) => basename(folder));
    const ofAnother = name.replace(/^(pwt-tmp-)\d+-\w+/, '$1999999999-0123456789ab');
    mkdirSync(join(gitDir, name.replace(/\d+/, '999999999')));
    mkdirSync(join(gitDir, name));
    mkdirSync(join(gitDir, ofAnother));
    await withTemporaryFolder(gitDir, async () => undefined);
    expect(readdirSync(gitDir).sort()).toEqual([name, ofAnother].sort());
  });

  it.skipIf(process.getuid?.() === 0)(
    'of another user, which can not be deleted, are in no way',
    async () => {
      const gitDir = temporaryFolder();
      const folder = join(gitDir, 'pwt-tmp-999999999-a');
      mkdirSync(join(folder, 'inside'), { recursive: true });
      const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
      utimesSync(folder, longAgo, longAgo);
      chmodSync(folder, 0o555);
      try {
        expect(await withTemporaryFolder(gitDir, async () => 'done')).toBe('done');
      } finally {
        chmodSync(folder, 0o755);
      }
    },
  );
});
