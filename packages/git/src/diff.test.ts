import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { changedFiles, changedFilesOfEach, changedSince } from './diff.js';

const long = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');

async function setUp() {
  const repository = await repositoryWith({
    kept: '1',
    gone: '1',
    edited: '1\n',
    old: long,
    run: '1',
    link: 'x',
  });
  const { git, path } = repository;
  const from = await git.text(['rev-parse', 'HEAD']);
  chmodSync(join(path, 'run'), 0o755);
  rmSync(join(path, 'link'));
  symlinkSync('kept', join(path, 'link'));
  writeFileSync(join(path, 'binary'), Buffer.from([0, 1, 2, 0]));
  const to = await repository.commit({
    ...{ gone: null, edited: '2\n3\n', old: null, 'new\n"dir"/-é': `${long}more\n`, 't\tab': 'a\n' },
  });
  return { git, from, to };
}

describe('changedFilesOfEach', () => {
  it('is changedFiles for each pair, in order, a pair without a difference included', async () => {
    const { git, from, to } = await setUp();
    const pairs = [
      { from, to },
      { from: to, to },
      { from: to, to: from },
      { from, to },
    ];
    for (const renames of [true, false]) {
      const each = await Promise.all(pairs.map((pair) => changedFiles(git, { ...pair, renames })));
      expect(await changedFilesOfEach(git, pairs, { renames })).toEqual(each);
      expect(each.map((files) => files.length > 0)).toEqual([true, false, true, true]);
    }
    expect(await changedFilesOfEach(git, [])).toEqual([]);
  });

  it('takes a merge for what is changed against the commit that is named', async () => {
    const repository = await repositoryWith({ a: '1\n' });
    const { git } = repository;
    const base = await git.text(['rev-parse', 'HEAD']);
    await repository.branch('side', base, { b: 'b\n' });
    await git.run(['switch', '--quiet', 'main']);
    const ours = await repository.commit({ a: '2\n' });
    await git.run(['merge', '--quiet', '--no-edit', 'side']);
    const merge = await git.text(['rev-parse', 'HEAD']);
    const lists = await changedFilesOfEach(git, [
      { from: ours, to: merge },
      { from: base, to: merge },
    ]);
    expect(lists.map((files) => files.map(({ path }) => path))).toEqual([['b'], ['a', 'b']]);
  });

  it('refuses what is not there, and names that are no ids', async () => {
    const { git, from, to } = await setUp();
    for (const wrong of ['a'.repeat(40), 'HEAD', '', `${from} ${from}`]) {
      const code = wrong.startsWith('aa') ? 'PWT_GIT_FAILED' : 'PWT_BAD_OBJECT_ID';
      await expect(changedFilesOfEach(git, [{ from: wrong, to }]), wrong).rejects.toMatchObject({ code });
      await expect(changedFilesOfEach(git, [{ from, to: wrong }]), wrong).rejects.toMatchObject({ code });
    }
  });
});

describe('changedFiles', () => {
  it('gives each path with its status, and a rename with both ends', async () => {
    const { git, from, to } = await setUp();
    const files = await changedFiles(git, { from, to });
    expect(files.map((file) => [file.status, file.path, file.from, file.oldMode, file.newMode])).toEqual([
      ['A', 'binary', null, '000000', '100644'],
      ['M', 'edited', null, '100644', '100644'],
      ['D', 'gone', null, '100644', '000000'],
      ['T', 'link', null, '100644', '120000'],
      ['R', 'new\n"dir"/-é', 'old', '100644', '100644'],
      ['M', 'run', null, '100644', '100755'],
      ['A', 't\tab', null, '000000', '100644'],
    ]);
    const edited = files.find(({ path }) => path === 'edited');
    expect(edited?.newId).toBe(await git.text(['rev-parse', `${to}:edited`]));
  });

  it('pairs nothing when asked not to, whatever the user has configured', async () => {
    const { git, from, to } = await setUp();
    await git.run(['config', 'diff.renames', 'false']);
    expect((await changedFiles(git, { from, to })).some(({ status }) => status === 'R')).toBe(true);
    const files = await changedFiles(git, { from, to, renames: false });
    expect(files.filter(({ path }) => path === 'old' || path.startsWith('new')).map((f) => f.status)).toEqual(
      [...['A', 'D']],
    );
    expect(await changedFiles(git, { from, to: from })).toEqual([]);
  });

  it('takes the name of a revision for nothing else', async () => {
    const { git, from } = await setUp();
    const answer = changedFiles(git, { from, to: '--output=x' });
    await expect(answer).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });
});

describe('changedSince', () => {
  it('is the difference to the merge base as git has it: renames, a moved tip, a branch behind, one without a base', async () => {
    const { git, from, to } = await setUp();
    const tree = (commit: string) => git.text(['rev-parse', `${commit}^{tree}`]);
    const commit = async (of: string, ...parents: string[]) =>
      git.text(['commit-tree', await tree(of), ...parents.flatMap((id) => ['-p', id]), '-m', 'x']);
    const onTop = await commit(from, to);
    const side = await commit(to, from);
    const merged = await commit(to, side, to);
    const apart = await commit(to);
    const pairs = [
      ...[
        [from, to],
        [to, to],
        [to, from],
        [side, to],
        [onTop, side],
        [from, merged],
      ],
      ...[
        [to, onTop],
        [apart, to],
        [merged, onTop],
      ],
    ] as const;
    for (const [base = '', changed = ''] of pairs) {
      const { stdout } = await git.run(['merge-base', base, changed], { okExitCodes: [0, 1] });
      const expected = await changedFiles(git, { from: stdout.trim() || base, to: changed });
      expect(await changedSince(git, { base, commit: changed })).toEqual(expected);
    }
  });
});
