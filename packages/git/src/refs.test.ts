import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { retryWhileLocked } from './lock.js';
import { deleteRef, deleteRefs, listRefs, readRef, resolveCommit, updateRef } from './refs.js';

/** A repository with three commits. */
async function threeCommits(initArgs: readonly string[] = []) {
  const repository = await repositoryWith({ a: '1' }, initArgs);
  const one = await repository.git.text(['rev-parse', 'HEAD']);
  return {
    ...repository,
    git: repository.git,
    one,
    two: await repository.commit({ a: '2' }),
    three: await repository.commit({ a: '3' }),
  };
}

describe.each([['sha1'], ['sha256']])('refs in a %s repository', (format) => {
  const open = () => threeCommits([`--object-format=${format}`]);

  it('move by compare-and-swap', async () => {
    const { git, one, two, three } = await open();
    const ref = 'refs/pwt/run/integration';
    expect(await updateRef(git, { ref, newValue: one, oldValue: null })).toEqual({ status: 'updated' });
    expect(await updateRef(git, { ref, newValue: two, oldValue: null })).toEqual({
      status: 'moved',
      actual: one,
    });
    expect(await updateRef(git, { ref, newValue: two, oldValue: one })).toEqual({ status: 'updated' });
    expect(await updateRef(git, { ref, newValue: three, oldValue: one })).toEqual({
      status: 'moved',
      actual: two,
    });
    expect(await readRef(git, ref)).toBe(two);
    expect(await deleteRef(git, { ref, oldValue: one })).toEqual({ status: 'moved', actual: two });
    expect(await deleteRef(git, { ref, oldValue: two })).toEqual({ status: 'updated' });
    expect(await deleteRef(git, { ref, oldValue: two })).toEqual({ status: 'moved', actual: null });
    expect(await updateRef(git, { ref, newValue: three, oldValue: two })).toEqual({
      status: 'moved',
      actual: null,
    });
  });
});

describe('refs', () => {
  it('are deleted together, and those that have moved stay', async () => {
    const { git, one, two } = await threeCommits();
    const make = async (...names: readonly string[]) => {
      for (const name of names)
        await updateRef(git, { ref: `refs/pwt/${name}`, newValue: one, oldValue: null });
    };
    const requests = ['a', 'b', 'c'].map((name) => ({ ref: `refs/pwt/${name}`, oldValue: one }));
    await make('a', 'b', 'c', 'other');
    await deleteRefs(git, requests);
    expect((await listRefs(git, 'refs/pwt/')).map(({ ref }) => ref)).toEqual(['refs/pwt/other']);
    await make('a', 'c');
    await updateRef(git, { ref: 'refs/pwt/b', newValue: two, oldValue: null });
    await deleteRefs(git, requests);
    expect((await listRefs(git, 'refs/pwt/')).map(({ ref }) => ref)).toEqual([
      'refs/pwt/b',
      'refs/pwt/other',
    ]);
    await deleteRefs(git, []);
  });

  it('let exactly one of many rivals win', async () => {
    const { git, one, two, three } = await threeCommits();
    await updateRef(git, { ref: 'refs/pwt/hot', newValue: one, oldValue: null });
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        updateRef(git, { ref: 'refs/pwt/hot', newValue: index % 2 === 0 ? two : three, oldValue: one }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'updated')).toHaveLength(1);
  });

  it('report another reason than a lost race as an error', async () => {
    const { git, one } = await threeCommits();
    await updateRef(git, { ref: 'refs/heads/feature', newValue: one, oldValue: null });
    const inTheWay = updateRef(git, { ref: 'refs/heads/feature/x', newValue: one, oldValue: null });
    await expect(inTheWay).rejects.toThrow("'refs/heads/feature' exists");
    const noObject = updateRef(git, { ref: 'refs/pwt/x', newValue: 'b'.repeat(40), oldValue: null });
    await expect(noObject).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });

  it('wait for the lock of another process', async () => {
    const { git, path, one } = await threeCommits();
    const lock = join(path, '.git/refs/pwt/x.lock');
    mkdirSync(join(path, '.git/refs/pwt'));
    writeFileSync(lock, '');
    const wait = vi.fn(async () => rmSync(lock));
    await retryWhileLocked(() => git.run(['update-ref', 'refs/pwt/x', one]), { wait });
    expect(wait).toHaveBeenCalledOnce();
    expect(await readRef(git, 'refs/pwt/x')).toBe(one);
  });

  it('give up on a lock that stays, and at once on any other failure', async () => {
    const { git, path, one } = await threeCommits();
    writeFileSync(join(path, '.git/refs/heads/x.lock'), '');
    const wait = vi.fn(async () => undefined);
    const locked = retryWhileLocked(() => git.run(['update-ref', 'refs/heads/x', one]), {
      wait,
      retryForMs: 500,
    });
    await expect(locked).rejects.toThrow('x.lock');
    expect(wait.mock.calls.length).toBeGreaterThan(1);
    wait.mockClear();
    const bad = retryWhileLocked(() => git.run(['update-ref', 'refs/heads/y', 'nothing']), { wait });
    await expect(bad).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    expect(wait).not.toHaveBeenCalled();
  });

  it('are read by full name, without guessing', async () => {
    const { git, one } = await threeCommits();
    await git.run(['update-ref', 'refs/heads/refs/heads/x', one]);
    expect(await readRef(git, 'refs/heads/x')).toBeNull();
    expect(await readRef(git, 'refs/heads/refs')).toBeNull();
    await expect(readRef(git, 'main')).rejects.toMatchObject({ code: 'PWT_BAD_REF_NAME' });
  });

  it('resolve to a commit, or to null', async () => {
    const { git, one, three } = await threeCommits();
    await git.run(['tag', '-a', 'v1', '-m', 'x', one]);
    expect(await resolveCommit(git, 'v1')).toBe(one);
    expect(await resolveCommit(git, 'HEAD~0')).toBe(three);
    for (const none of ['nothing', '--all', 'HEAD:a', 'a'.repeat(40), '']) {
      expect(await resolveCommit(git, none), none).toBeNull();
    }
  });
});
