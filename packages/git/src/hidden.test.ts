import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { findHidden } from './hidden.js';
import { mayHaveFlags } from './may-have-flags.js';

const LONG = `${'long/'.repeat(820)}name`;
const files = { a: '1\n', bb: '1\n', ccc: '1\n', 'd/eeee': '1\n', 'd/fffff': '1\n', [LONG]: '1\n' };

async function indexOf(setup: readonly string[], initArgs: readonly string[] = []) {
  const { 'd/eeee': _, [LONG]: __, ...short } = files;
  const repository = await repositoryWith(short, initArgs);
  const { git, path } = repository;
  // No file system has room for such a name, an index has.
  const id = await git.text(['rev-parse', 'HEAD:a']);
  await git.run(['update-index', '--add', '--cacheinfo', `100644,${id},${LONG}`]);
  if (setup.length > 0) await git.run(setup);
  const flagged = () => mayHaveFlags(join(path, '.git/index'));
  const flags = ['--assume-unchanged', '--skip-worktree'];
  return { git, path, flagged, flags };
}

describe('an index is known to hide nothing', () => {
  it.each([
    ['of version 2', [], []],
    ['of version 3', ['add', '--intent-to-add', 'new'], []],
    ['of version 4', ['update-index', '--index-version', '4'], []],
    ['with long ids', [], ['--object-format=sha256']],
    ['with long ids, of version 4', ['update-index', '--index-version', '4'], ['--object-format=sha256']],
    ['with a cache of untracked files', ['update-index', '--force-untracked-cache'], []],
  ])('%s, without asking git', async (name, setup, initArgs) => {
    const { git, path, flagged, flags } = await indexOf([], initArgs);
    if (name === 'of version 3') symlinkSync('a', join(path, 'new'));
    if (setup.length > 0) await git.run(setup);
    if (name.includes('version')) {
      expect(readFileSync(join(path, '.git/index')).readUInt32BE(4)).toBe(Number(name.at(-1)));
    }
    expect(await flagged()).toBe(false);
    for (const flag of flags) {
      for (const file of ['a', 'ccc', LONG]) {
        await git.run(['update-index', flag, file]);
        expect([flag, file, await flagged()]).toEqual([flag, file, true]);
        await git.run(['update-index', flag.replace('--', '--no-'), file]);
        expect(await flagged()).toBe(false);
      }
    }
  });

  it('unless it does not tell: one that is split, sparse or damaged', async () => {
    const split = await indexOf(['update-index', '--split-index']);
    expect(await split.flagged()).toBe(true);
    const { path } = await repositoryWith({ a: '1' });
    expect(await mayHaveFlags(join(path, '.git/HEAD'))).toBe(true);
    expect(await mayHaveFlags(join(path, '.git/nothing'))).toBe(false);
  });
});

describe.each(['--assume-unchanged', '--skip-worktree'])('behind %s', (flag) => {
  it.each([[[]], [['--split-index']], [['--index-version', '4']]])(
    'every kind of edit is found, and nothing is touched (%j)',
    async (setup) => {
      const repository = await repositoryWith({
        edit: '1',
        mode: '1',
        link: '1',
        gone: '1',
        same: '1',
        other: '1',
      });
      const { git, path } = repository;
      await git.run(['update-index', ...setup, '--refresh']);
      await git.run(['update-index', flag, 'edit', 'mode', 'link', 'gone', 'same']);
      repository.write({ edit: '2', other: '2', same: '1' });
      chmodSync(join(path, 'mode'), 0o755);
      rmSync(join(path, 'link'));
      symlinkSync('edit', join(path, 'link'));
      rmSync(join(path, 'gone'));
      const before = readFileSync(join(path, '.git/index'));
      const found = await findHidden(git);
      expect(readFileSync(join(path, '.git/index'))).toEqual(before);
      expect(await git.text(['status', '--porcelain'])).toBe(' M other');
      // What is absent behind skip-worktree, a sparse checkout has left out.
      const gone = flag === '--assume-unchanged' ? ['D gone'] : [];
      expect(found.map((entry) => `${entry.worktree} ${entry.path}`)).toEqual([
        'M edit',
        ...gone,
        'T link',
        'M mode',
      ]);
      expect((await findHidden(git, { among: new Set(['mode']) })).map((entry) => entry.path)).toEqual([
        'mode',
      ]);
    },
  );
});

it('a folder in the place of a flagged file is an edit', async () => {
  const { git, path } = await repositoryWith({ f: '1' });
  await git.run(['update-index', '--skip-worktree', 'f']);
  rmSync(join(path, 'f'));
  mkdirSync(join(path, 'f'));
  expect(await findHidden(git)).toMatchObject([{ path: 'f', worktree: 'D' }]);
});
