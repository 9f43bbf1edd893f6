import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IntrudedFile } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';

const left = (path: string, content: string): IntrudedFile => ({
  path,
  digest: createHash('sha256').update(content).digest('hex'),
});

async function ready() {
  const { repository, base } = await repositoryWith({ a: 'a\n', 'sub/kept': 'k\n' });
  const workspace = await repository.create('20', base);
  const inside = (path: string) => join(workspace.path, path);
  const collect = (...intruded: IntrudedFile[]) =>
    repository.provider.collect({ workspace, message: 'left', intruded });
  return { repository, workspace, inside, collect };
}

describe('what the agent of another task has left in a worktree', () => {
  it('is left out where it is as it was left, by these very names, and is kept', async () => {
    const { repository, inside, collect } = await ready();
    repository.write({ '*': 'other\n', own: 'own\n', a: 'other\n', taken: 'mine\n' }, inside('.'));
    const outcome = await collect(left('*', 'other\n'), left('a', 'other\n'), left('taken', 'other\n'));
    expect(outcome).toMatchObject({
      status: 'collected',
      changes: [{ path: 'own' }, { path: 'taken' }],
      findings: [{ kind: 'left-out', subjects: ['*', 'a'] }],
    });
    expect(readFileSync(inside('a'), 'utf8')).toBe('a\n');
    const { snapshot } = outcome;
    expect(await repository.git.text(['show', `${snapshot?.commit}:a`])).toBe('other');
  });

  it.each(['has committed', 'has left uncommitted'])(
    'is what the base has where the task never changed it, in a merge that its agent %s',
    async (how) => {
      const { repository, workspace: before, inside } = await ready();
      const git = repository.git.at(before.path);
      repository.write({ a: 'ours\n' }, before.path);
      await git.run(['commit', '--quiet', '--all', '-m', 'work']);
      const onto = await repository.commit({ a: 'theirs\n', 'sub/kept': 'newer\n' }, 'meanwhile');
      const { workspace, outcome } = await repository.provider.moveOnto({
        ...{ workspace: before, onto, message: 'left' },
      });
      expect(outcome.status).toBe('conflicted');
      repository.write({ a: 'both\n', 'sub/kept': 'other\n', stray: 'other\n' }, before.path);
      await git.run(['add', '--all']);
      if (how === 'has committed') await git.run(['commit', '--quiet', '--no-edit']);
      const intruded = [left('sub/kept', 'other\n'), left('stray', 'other\n')];
      const collected = await repository.provider.collect({ workspace, message: 'left', intruded });
      expect(collected).toMatchObject({ status: 'collected', changes: [{ path: 'a' }] });
      expect(readFileSync(inside('sub/kept'), 'utf8')).toBe('newer\n');
      expect(await git.text(['status', '--porcelain'])).toBe('');
    },
  );

  it('is not looked for behind a link that leads out of the worktree', async () => {
    const { repository, inside, collect } = await ready();
    const outside = join(repository.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'x'), 'other\n');
    writeFileSync(join(outside, 'kept'), 'k\n');
    renameSync(inside('sub'), join(repository.folder, 'before'));
    symlinkSync(outside, inside('sub'));
    await collect(left('sub/x', 'other\n'), left('sub/kept', 'k\n'));
    expect(existsSync(join(outside, 'x'))).toBe(true);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
  });
});
