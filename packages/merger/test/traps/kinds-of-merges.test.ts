import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { GitMerger } from '../../src/git-merger.js';
import { expectLanded, expectUntouched } from '../landing.js';
import { repositoryWith, type TestRepository, testEnvironment } from '../repository.js';
import { join as joinSides } from './joins.js';

const treeOf = ({ git }: TestRepository, commit: string) => git.text(['rev-parse', `${commit}^{tree}`]);

describe('merges with little or nothing in them', () => {
  it('work that changes nothing is a commit of its own, with the tree as it was', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.side(base, {});
    const to = await repository.merged(base, commit);
    expect(await treeOf(repository, to)).toBe(await treeOf(repository, base));
    await expectLanded({ repository, from: base, to });
  });

  it('work that others have done as well is joined once, with no conflict', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
    const onto = await repository.side(base, { a: '2\n' }, { new: 'n\n', b: null });
    const commit = await repository.side(base, { a: '2\n', new: 'n\n', b: null });
    const to = await repository.merged(onto, commit);
    expect(await treeOf(repository, to)).toBe(await treeOf(repository, onto));
  });

  it('work that is in the target already is contained, by its first join and by the target itself', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.side(base, { a: 'b\n' });
    const to = await repository.merged(base, commit);
    for (const there of [commit, base, to])
      expect(await joinSides(repository, to, there)).toEqual({ status: 'contained' });
    await expectLanded({ repository, from: base, to });
    await expectUntouched(repository, () => repository.land(base, to));
  });
});

describe('what stands beside the commits and would change their history', () => {
  /** `landed` is on `main`; `commit` began before it. */
  async function landedBeside() {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const commit = await repository.side(base, { b: 'b\n' });
    return { repository, commit, landed: await repository.commit({ a: '2\n' }) };
  }

  it('grafts do not make a merge on a wrong base, nor a landing that takes a commit off', async () => {
    const { repository, commit, landed } = await landedBeside();
    mkdirSync(join(repository.commonDir, 'info'), { recursive: true });
    writeFileSync(join(repository.commonDir, 'info/grafts'), `${commit} ${landed}\n`);
    const to = await repository.merged(landed, commit);
    expect(await repository.show(to, 'a')).toBe('2\n');
    await expect(repository.land(landed, commit)).rejects.toMatchObject({ code: 'PWT_NOT_A_FAST_FORWARD' });
    expect(await repository.merger.tip('main')).toBe(landed);
  });

  it('replacements of the commit, of its tree and of the target do not count', async () => {
    const { repository, commit, landed } = await landedBeside();
    const other = await repository.side(landed, { a: 'replaced\n', b: 'replaced\n' });
    const replace = (one: string, by: string) => repository.git.run(['replace', '--force', one, by]);
    await replace(commit, other);
    await replace(await treeOf(repository, commit), await treeOf(repository, other));
    await replace(landed, other);
    const to = await repository.merged(landed, commit);
    expect([await repository.show(to, 'a'), await repository.show(to, 'b')]).toEqual(['2\n', 'b\n']);
    await expectLanded({ repository, from: landed, to });
  });
});

describe('a shallow clone', () => {
  it('joins and lands what began in what it has, and says that the rest is cut off', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const old = await repository.side(base, { b: 'b\n' });
    await repository.git.run(['branch', 'old', old]);
    const tip = await repository.commit({ a: '2\n' });
    const path = join(dirname(repository.path), 'clone');
    const args = ['clone', '--quiet', '--depth=1', '--no-single-branch', `file://${repository.path}`, path];
    execFileSync('git', args, { env: testEnvironment });
    const git = new Git({ cwd: path, env: testEnvironment });
    const merger = new GitMerger({ git, commonDir: join(path, '.git'), lockWaitMs: 0 });
    const subject = { kind: 'tasks', taskIds: ['1'] } as const;
    const request = { runId: 'r1', subject, onto: tip, message: 'join' };
    expect(await merger.integrate({ ...request, commit: old })).toMatchObject({
      status: 'conflicted',
      paths: [{ path: '.', kind: expect.stringContaining('shallow') }],
    });
    const tree = await git.text(['rev-parse', `${old}^{tree}`]);
    const commit = await git.text(['commit-tree', tree, '-p', tip, '-m', 'work']);
    const outcome = await merger.integrate({ ...request, commit });
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    expect(await merger.land({ runId: 'r1', target: 'main', from: tip, to: outcome.commit })).toEqual({
      status: 'landed',
    });
    expect(await git.text(['status', '--porcelain'])).toBe('');
  });
});
