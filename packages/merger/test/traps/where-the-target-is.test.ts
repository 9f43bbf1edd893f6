import { readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { GitMerger } from '../../src/git-merger.js';
import { expectLanded, expectRefused, expectUntouched, landingOf } from '../landing.js';
import { testEnvironment } from '../repository.js';

const ready = () => landingOf({ a: '1\n', '.gitignore': '*.env\n' }, { a: '2\n', 'new/file': 'n\n' });

describe('the target is checked out', () => {
  it('in a linked worktree: the main one, on another branch and dirty, stays as it is', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(dirname(repository.path), 'linked');
    await repository.git.run(['switch', '--quiet', '--create', 'mine']);
    await repository.git.run(['worktree', 'add', '--quiet', linked, 'main']);
    repository.write({ a: 'mine\n', 'new/file': 'mine\n', 'my.env': 'mine\n' });
    await repository.git.run(['add', 'a']);
    repository.write({ 'my.env': 'ignored\n', other: 'untracked\n' }, linked);
    await expectLanded(landing, linked);
    expect(readFileSync(join(linked, 'a'), 'utf8')).toBe('2\n');
  });

  it('nowhere, and two worktrees are detached at its commit, dirty', async () => {
    const landing = await ready();
    const { repository, from } = landing;
    const linked = join(dirname(repository.path), 'linked');
    await repository.git.run(['checkout', '--quiet', '--detach', from]);
    await repository.git.run(['worktree', 'add', '--quiet', '--detach', linked, from]);
    for (const top of [repository.path, linked]) repository.write({ a: 'mine\n', 'new/file': 'mine\n' }, top);
    await expectLanded(landing, null);
  });

  it('nowhere, and it is packed', async () => {
    const landing = await ready();
    await landing.repository.git.run(['checkout', '--quiet', '--detach']);
    await landing.repository.git.run(['pack-refs', '--all']);
    await expectLanded(landing, null);
  });

  it('in a worktree that was moved by hand: refused as long as it is locked, left aside where git has lost it', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(dirname(repository.path), 'linked');
    await repository.git.run(['switch', '--quiet', '--create', 'mine']);
    await repository.git.run(['worktree', 'add', '--quiet', '--lock', linked, 'main']);
    renameSync(linked, `${linked}-moved`);
    await expectRefused(landing, { reason: 'checkout', paths: [linked] });
    await repository.git.run(['worktree', 'repair', `${linked}-moved`]);
    await expectLanded(landing, `${linked}-moved`);
  });

  it('in a worktree in whose place another repository stands', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(dirname(repository.path), 'linked');
    await repository.git.run(['switch', '--quiet', '--create', 'mine']);
    await repository.git.run(['worktree', 'add', '--quiet', linked, 'main']);
    rmSync(linked, { recursive: true });
    await repository.git.run(['clone', '--quiet', '--branch=main', '.', linked]);
    const before = await repository.git.at(linked).text(['rev-parse', 'HEAD']);
    const outcome = await repository.land(landing.from, landing.to);
    // Its files are not there to be left behind, and the other repository is none of pwt's business.
    expect(outcome.status).toMatch(/^(refused|landed)$/);
    expect(await repository.git.at(linked).text(['rev-parse', 'HEAD'])).toBe(before);
    expect(await repository.git.at(linked).text(['status', '--porcelain'])).toBe('');
  });

  it('under another name: the target is a symbolic ref to the branch that is checked out', async () => {
    const landing = await ready();
    const { repository, from, to } = landing;
    await repository.git.run(['branch', '-m', 'main', 'trunk']);
    await repository.git.run(['symbolic-ref', 'refs/heads/main', 'refs/heads/trunk']);
    repository.write({ a: 'mine\n' });
    const refused = await expectUntouched(repository, () => repository.land(from, to));
    expect(refused).toMatchObject({ status: 'refused', reason: 'dirty', paths: ['a'] });
    repository.write({ a: '1\n' });
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
    expect(await repository.merger.tip('main')).toBe(to);
  });

  it('by a HEAD that leads to it through a symbolic ref', async () => {
    const { repository, from, to } = await ready();
    const { git } = repository;
    await git.run(['symbolic-ref', 'refs/heads/alias', 'refs/heads/main']);
    await git.run(['symbolic-ref', 'HEAD', 'refs/heads/alias']);
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    expect(await git.text(['status', '--porcelain'])).toBe('');
  });

  it('in a bare repository that others push to: the ref alone moves', async () => {
    const { repository, from, to } = await ready();
    const bare = join(dirname(repository.path), 'bare');
    await repository.git.run(['branch', 'landing', to]);
    await repository.git.run(['clone', '--quiet', '--bare', '.', bare]);
    const git = new Git({ cwd: bare, env: testEnvironment });
    const merger = new GitMerger({ git, commonDir: bare, lockWaitMs: 0 });
    const refs = await git.lines(['for-each-ref']);
    expect(await repository.land(from, to, merger)).toEqual({ status: 'landed' });
    const moved = (await git.lines(['for-each-ref'])).filter((line) => !refs.includes(line));
    expect(moved).toEqual([`${to} commit\trefs/heads/main`]);
    expect(await git.text(['rev-parse', '--is-bare-repository'])).toBe('true');
  });
});
