import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { commitAll, writeWorktreeTree } from './commit-all.js';
import { listPaths } from './tree.js';

describe.each([
  ['a cone', ['--cone', 'in']],
  ['a cone with a sparse index', ['--cone', '--sparse-index', 'in']],
  ['patterns', ['--no-cone', '/in/*', '/top']],
])('a sparse checkout of %s', (_, args) => {
  async function sparse() {
    const repository = await repositoryWith({ 'in/a': '1', 'out/b': '1', 'out/c': '1', top: '1' });
    await repository.git.run(['sparse-checkout', 'set', ...args]);
    return repository;
  }

  it('takes files outside of it, and deletes none that it leaves out', async () => {
    const repository = await sparse();
    const { git } = repository;
    repository.write({ 'out/new': 'n', 'out/b': 'changed', 'in/a': null, 'in/d': '1' });
    const expected = ['in/d', 'out/b', 'out/c', 'out/new', 'top'];
    const tree = await writeWorktreeTree(git, { exclude: ['in/none'] });
    expect(await listPaths(git, tree)).toEqual(expected);
    const { commit } = await commitAll(git, { message: 'm', exclude: ['in/none'] });
    expect(await git.text(['rev-parse', `${commit}^{tree}`])).toBe(tree);
    expect(await git.text(['cat-file', 'blob', `${tree}:out/b`])).toBe('changed');
  });

  it('deletes none of them where the index is gone either', async () => {
    const repository = await sparse();
    const { git, path } = repository;
    rmSync(join(path, '.git/index'));
    repository.write({ 'in/a': null, 'in/d': '1' });
    const tree = await writeWorktreeTree(git);
    expect(existsSync(join(path, '.git/index'))).toBe(false);
    expect(await listPaths(git, tree)).toEqual(['in/d', 'out/b', 'out/c', 'top']);
    const { commit } = await commitAll(git, { message: 'm' });
    expect(await git.text(['rev-parse', `${commit}^{tree}`])).toBe(tree);
  });
});

describe('a name that is no UTF-8', () => {
  it('is committed as it is, and left out where it is to be', async () => {
    const { git, path } = await repositoryWith({ a: '1' });
    const inBytes = (name: string) => Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name, 'latin1')]);
    for (const name of ['caf\xe9', 'caf\xe8', '\xff']) writeFileSync(inBytes(name), name);
    const all = await git.zRecords(['ls-files', '-z', '--others']);
    const out = all.filter((name) => name.startsWith('caf'));
    expect(out).toHaveLength(2);
    const { commit } = await commitAll(git, { message: 'm', exclude: out.slice(0, 1) });
    const names = await git.runBytes(['ls-tree', '-z', '--name-only', commit]);
    expect(names.stdout.toString('latin1')).toBe('a\0caf\xe9\0\xff\0');
    const tree = await writeWorktreeTree(git);
    expect(await listPaths(git, tree)).toHaveLength(4);
  });
});
