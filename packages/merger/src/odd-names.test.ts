import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';

/** A name that is no UTF-8, written as Latin-1. */
const NAME = 'caf\xe9';

/** `main` at `from`; `to` adds a file of that name, one below a folder of that name's kind, and edits a third. */
async function ready() {
  const { repository, base } = await repositoryWith({ 'in/a': 'a\n', 'out/b': 'b\n' });
  const { git } = repository;
  const blob = await git.text(['hash-object', '-w', '--stdin'], { input: 'theirs\n' });
  const edited = await git.text(['hash-object', '-w', '--stdin'], { input: 'edited\n' });
  await git.run(['update-index', '-z', '--index-info'], {
    input: Buffer.from(`100644 ${blob}\t\xe8/old\0`, 'latin1'),
  });
  await git.run(['commit', '--quiet', '-m', 'old']);
  const from = await git.text(['rev-parse', 'HEAD']);
  await git.run(['checkout', '--quiet', '--', '.']);
  const entries = [`${blob}\t${NAME}`, `${blob}\td\xe9/f`, `${edited}\t\xe8/old`, `${blob}\tout/new`];
  await git.run(['update-index', '-z', '--index-info'], {
    input: Buffer.from(entries.map((entry) => `100644 ${entry}\0`).join(''), 'latin1'),
  });
  const tree = await git.text(['write-tree']);
  const to = await git.text(['commit-tree', tree, '-p', from, '-m', 'to']);
  await git.run(['read-tree', from]);
  await git.run(['update-index', '-q', '--refresh']);
  const at = (name: string) =>
    Buffer.concat([Buffer.from(`${repository.path}/`), Buffer.from(name, 'latin1')]);
  expect(await git.text(['status', '--porcelain'])).toBe('');
  return { repository, git, base, from, to, at };
}

describe('landing files whose names are no UTF-8', () => {
  it('moves them', async () => {
    const { repository, from, to, at } = await ready();
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    expect(readFileSync(at(NAME), 'utf8')).toBe('theirs\n');
    expect(readFileSync(at('\xe8/old'), 'utf8')).toBe('edited\n');
  });

  it('overwrites nothing of the user that has such a name', async () => {
    const { repository, git, from, to, at } = await ready();
    const mine: Readonly<Record<string, () => void>> = {
      untracked: () => writeFileSync(at(NAME), 'mine\n'),
      'in a folder': () => {
        mkdirSync(at('d\xe9/f'), { recursive: true });
        writeFileSync(at('d\xe9/f/deep'), 'mine\n');
      },
      edited: () => writeFileSync(at('\xe8/old'), 'mine\n'),
    };
    for (const [what, make] of Object.entries(mine)) {
      make();
      expect(await repository.land(from, to), what).toMatchObject({ status: 'refused' });
      for (const name of [NAME, 'd\xe9']) rmSync(at(name), { recursive: true, force: true });
      await git.run(['checkout', '--quiet', '--', '.']);
    }
    // An edit that git was told not to look at.
    const flag = (name: string) =>
      git.run(['update-index', '-z', name, '--stdin'], { input: Buffer.from('\xe8/old\0', 'latin1') });
    await flag('--skip-worktree');
    writeFileSync(at('\xe8/old'), 'hidden\n');
    expect(await repository.land(from, to)).toMatchObject({ status: 'refused' });
    expect(readFileSync(at('\xe8/old'), 'utf8')).toBe('hidden\n');
    expect(await repository.merger.tip('main')).toBe(from);
  });
});
