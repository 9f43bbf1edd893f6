import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sighting } from '@pwt/core';
import { Git } from '@pwt/git';
import { type RadarHarness, radarSuite, TemporaryRepository } from '@pwt/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextEvent } from '../test/next-event.js';
import { GitRadar } from './git-radar.js';

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('');

const START = {
  'src/a.ts': LINES,
  'src/b.ts': LINES,
  'src/deep/c.ts': LINES,
  'docs/d.md': LINES,
  '.gitignore': 'out/\n',
};

async function setUp(
  names: readonly string[],
  { watch = false, files = START as Record<string, string> } = {},
) {
  const repository = await TemporaryRepository.create(files);
  const { path: root, env, parent } = repository;
  const at = (name: string, path = '') => join(parent, name, path);
  const gitIn = (name: string, ...args: string[]) =>
    execFileSync('git', args, { cwd: name === 'main' ? root : at(name), env, encoding: 'utf8' }).trim();
  for (const name of names) gitIn('main', 'worktree', 'add', '-q', '-b', name, at(name));
  const commonDir = join(root, '.git');
  const radar = new GitRadar({ git: new Git({ cwd: root, env }), commonDir, watch });
  onTestFinished(async () => {
    await radar.close();
    await repository.dispose();
  });
  const put = (name: string, path: string, text: string) => {
    mkdirSync(dirname(at(name, path)), { recursive: true });
    writeFileSync(at(name, path), text);
  };
  const look = async (onto = 'main'): Promise<Record<string, Sighting>> => {
    const works = names.map((id) => ({ id, path: at(id) }));
    const { sightings } = await radar.look({ works, onto: gitIn('main', 'rev-parse', onto) });
    return Object.fromEntries(sightings.map((sighting) => [sighting.id, sighting]));
  };
  /** Looks when the system has told of all that has happened, and expects to see this. */
  const expectSeen = async (isSeen: (seen: Record<string, Sighting>) => boolean) => {
    for (const name of names) await nextEvent(at(name));
    const seen = await look();
    expect(isSeen(seen), JSON.stringify(seen)).toBe(true);
    return seen;
  };
  return { radar, at, put, look, expectSeen, gitIn, commonDir };
}

it('sees no collision in the lines of a list that one work alone has changed', async () => {
  const { radar, at, put, look, gitIn } = await setUp(['a', 'b', 'c']);
  put('a', 'docs/d.md', changed(3, 'A'));
  put('b', 'docs/d.md', changed(4, 'B'));
  put('c', 'docs/d.md', changed(4, 'C'));
  put('c', 'src/a.ts', changed(4, 'C'));
  put('b', 'src/a.ts', changed(5, 'B'));
  gitIn('main', 'commit', '-q', '--allow-empty', '-m', 'tip');
  const collisions = (seen: readonly Sighting[]) =>
    seen.map(({ id, colliding }) => [id, colliding.map((one) => [one.with, paths(one.paths)])]);
  expect(collisions(Object.values(await look()))).toEqual([
    [
      'a',
      [
        ['b', ['docs/d.md']],
        ['c', ['docs/d.md']],
      ],
    ],
    [
      'b',
      [
        ['a', ['docs/d.md']],
        ['c', ['docs/d.md', 'src/a.ts']],
      ],
    ],
    [
      'c',
      [
        ['a', ['docs/d.md']],
        ['b', ['docs/d.md', 'src/a.ts']],
      ],
    ],
  ]);
  const works = ['a', 'b', 'c'].map((id) => ({ id, path: at(id) }));
  const onto = gitIn('main', 'rev-parse', 'HEAD');
  expect(collisions((await radar.look({ works, onto, lists: ['docs/d.md'] })).sightings)).toEqual([
    ['a', []],
    ['b', [['c', ['docs/d.md', 'src/a.ts']]]],
    ['c', [['b', ['docs/d.md', 'src/a.ts']]]],
  ]);
});

const changed = (line: number, text: string) => LINES.replace(`line ${line}\n`, `${text}\n`);
const paths = (list: readonly { readonly path: string }[] = []) => list.map(({ path }) => path);

const runner = { describe, test: it };

for (const watch of [false, true]) {
  radarSuite(runner, async (): Promise<RadarHarness> => {
    const repository = await TemporaryRepository.create({ 'shared.txt': 'one\n' });
    const { path: root, env, parent } = repository;
    const git = new Git({ cwd: root, env });
    const work = async (id: string) => {
      const path = join(parent, id);
      await git.run(['worktree', 'add', '-q', '-b', id, path]);
      return { id, path };
    };
    const works = [await work('1'), await work('2')] as const;
    let tip = await repository.git('rev-parse', 'HEAD');
    const radar = new GitRadar({ git, commonDir: join(root, '.git'), watch });
    return {
      radar,
      works,
      tip: () => tip,
      async write({ path }, name, text) {
        const file = join(path, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        // The system has told of it when a later change is told of.
        if (watch) await nextEvent(path);
      },
      async commitOnTip(path, text) {
        await repository.write({ [path]: text });
        tip = await repository.commitAll('tip');
      },
      async dispose() {
        await radar.close();
        await repository.dispose();
      },
    };
  });
}

describe('GitRadar', () => {
  it('sees nothing where nothing was changed', async () => {
    const { look } = await setUp(['x', 'y']);
    expect(await look()).toEqual({
      x: { id: 'x', changes: [], colliding: [] },
      y: { id: 'y', changes: [], colliding: [] },
    });
  });

  it('sees uncommitted, untracked, staged and committed work collide, and not what merges cleanly', async () => {
    const { put, look, gitIn } = await setUp(['x', 'y', 'z']);
    put('x', 'src/a.ts', changed(3, 'x'));
    put('x', 'src/b.ts', changed(3, 'x'));
    put('x', 'src/new.ts', 'x\n');
    put('y', 'src/a.ts', changed(3, 'y'));
    gitIn('y', 'commit', '-qam', 'y');
    put('y', 'src/b.ts', changed(25, 'y'));
    put('y', 'src/new.ts', 'y\n');
    gitIn('y', 'add', 'src/new.ts');
    put('z', 'docs/d.md', changed(1, 'z'));
    const { x, y, z } = await look();
    expect(x?.colliding).toMatchObject([
      { with: 'y', paths: [{ path: 'src/a.ts', kind: 'content' }, { path: 'src/new.ts' }] },
    ]);
    expect(y?.colliding.map((other) => other.with)).toEqual(['x']);
    expect(z?.colliding).toEqual([]);
    expect(x?.changes).toEqual(['src/a.ts', 'src/b.ts', 'src/new.ts']);
    expect([x?.stale, y?.stale]).toEqual([undefined, undefined]);
  });

  it('tells what conflicts with the tip from what only moved there', async () => {
    const { put, look, gitIn, at } = await setUp(['x', 'y']);
    put('x', 'src/a.ts', changed(3, 'x'));
    put('x', 'src/b.ts', changed(3, 'x'));
    put('x', 'docs/d.md', changed(3, 'x'));
    writeFileSync(at('project', 'src/a.ts'), changed(3, 'main'));
    writeFileSync(at('project', 'src/b.ts'), changed(25, 'main'));
    gitIn('main', 'commit', '-qam', 'main');
    const { x, y } = await look();
    expect(x?.stale?.moved).toEqual(['src/b.ts']);
    expect(paths(x?.stale?.conflicts)).toEqual(['src/a.ts']);
    expect(y).toEqual({ id: 'y', changes: [], colliding: [] });
  });

  it('does not call it a collision where only one of two is behind the tip', async () => {
    const { put, look, gitIn, at } = await setUp(['x', 'y']);
    writeFileSync(at('project', 'src/a.ts'), changed(3, 'main'));
    gitIn('main', 'commit', '-qam', 'main');
    gitIn('y', 'merge', '-q', 'main');
    put('y', 'src/b.ts', changed(3, 'y'));
    put('x', 'src/a.ts', changed(3, 'x'));
    put('x', 'src/b.ts', changed(25, 'x'));
    const { x, y } = await look();
    expect([x?.colliding, y?.colliding]).toEqual([[], []]);
    expect(paths(x?.stale?.conflicts)).toEqual(['src/a.ts']);
  });

  it('sees a file in a folder that the other has moved, and a folder where the other has a file', async () => {
    const { put, look, gitIn } = await setUp(['x', 'y']);
    gitIn('x', 'mv', 'src/deep', 'src/moved');
    put('y', 'src/deep/more.ts', 'y\n');
    put('x', 'tool', 'x\n');
    put('y', 'tool/main.ts', 'y\n');
    const { x } = await look();
    const found = paths(x?.colliding[0]?.paths);
    expect(found.some((path) => path.endsWith('more.ts'))).toBe(true);
    expect(found.some((path) => path.startsWith('tool'))).toBe(true);
  });

  it('takes the same change on both sides for no collision, and union merges as attributes say', async () => {
    const { put, look } = await setUp(['x', 'y'], {
      files: { ...START, '.gitattributes': 'LOG merge=union\n', LOG: 'one\n' },
    });
    for (const name of ['x', 'y']) {
      put(name, 'src/a.ts', changed(3, 'same'));
      put(name, 'LOG', `one\n${name}\n`);
    }
    const { x } = await look();
    expect(x?.colliding).toEqual([]);
    expect(x?.changes).toEqual(['LOG', 'src/a.ts']);
  });

  it('reads files as git does: line ends, filters, modes, links', async () => {
    const { put, look, at, gitIn } = await setUp(['x'], {
      files: {
        ...START,
        '.gitattributes': '*.md text\n*.up filter=up\n',
        'w.md': 'one\ntwo\n',
        'f.up': 'ABC\n',
      },
    });
    gitIn('main', 'config', 'filter.up.clean', 'tr a-z A-Z');
    gitIn('main', 'config', 'filter.up.smudge', 'tr A-Z a-z');
    put('x', 'w.md', 'one\r\ntwo\r\n');
    put('x', 'f.up', 'abc\n');
    expect((await look()).x?.changes).toEqual([]);
    put('x', 'f.up', 'abd\n');
    symlinkSync('a.ts', at('x', 'src/link'));
    execFileSync('chmod', ['+x', at('x', 'src/a.ts')]);
    expect((await look()).x?.changes).toEqual(['f.up', 'src/a.ts', 'src/link']);
  });

  it('sees what git was told to hide, and neither ignored files nor what a sparse checkout leaves out', async () => {
    const { put, look, gitIn } = await setUp(['x', 'y']);
    gitIn('x', 'update-index', '--assume-unchanged', 'src/a.ts');
    put('x', 'src/a.ts', changed(3, 'x'));
    put('x', 'out/log', 'x\n');
    gitIn('y', 'sparse-checkout', 'set', 'docs');
    const { x, y } = await look();
    expect(x?.changes).toEqual(['src/a.ts']);
    expect(y?.changes).toEqual([]);
  });

  it('says why it does not see something', async () => {
    const { look, at, gitIn } = await setUp(['x', 'y', 'z']);
    rmSync(at('x'), { recursive: true });
    gitIn('y', 'checkout', '-q', '--orphan', 'other');
    gitIn('y', 'commit', '-qm', 'other');
    gitIn('z', 'checkout', '-q', '--orphan', 'unborn');
    const { x, y, z } = await look();
    expect(x?.unseen).toContain('is gone');
    expect(y?.unseen).toContain('shares no commit');
    expect(z?.unseen).toContain('no commit yet');
  });

  it('leaves no object, ref, lock or folder, and changes no index', async () => {
    const { put, look, gitIn, commonDir, radar } = await setUp(['x', 'y']);
    put('x', 'src/a.ts', changed(3, 'x'));
    put('y', 'src/a.ts', changed(3, 'y'));
    // Its times are not those in the index: git would write them there.
    execFileSync('touch', [join(commonDir, '../../x/src/b.ts')]);
    const indexes = ['x', 'y'].map((name) => join(commonDir, 'worktrees', name, 'index'));
    const state = () => ({
      files: listed(commonDir),
      indexes: indexes.map((index) => [readFileSync(index, 'hex'), statSync(index).mtimeMs]),
      refs: gitIn('main', 'for-each-ref'),
    });
    const before = state();
    expect((await look()).x?.colliding).toHaveLength(1);
    await radar.close();
    expect(state()).toEqual(before);
  });

  it('merges again only what has moved', async () => {
    const { put, radar, at, gitIn } = await setUp(['x', 'y', 'z']);
    const works = ['x', 'y', 'z'].map((id) => ({ id, path: at(id) }));
    for (const { id } of works) put(id, 'src/a.ts', changed(3, id));
    const onto = gitIn('main', 'rev-parse', 'main');
    expect(await radar.look({ works, onto })).toMatchObject({ moved: 3, merges: 3 });
    expect(await radar.look({ works, onto })).toMatchObject({ moved: 0, merges: 0 });
    put('z', 'src/a.ts', changed(3, 'other'));
    expect(await radar.look({ works, onto })).toMatchObject({ moved: 1, merges: 2 });
  });

  it('refuses a git that can not merge in memory', async () => {
    const { at, commonDir } = await setUp([]);
    const old = at('old-git');
    writeFileSync(old, '#!/bin/sh\necho git version 2.37.1\n', { mode: 0o755 });
    const radar = new GitRadar({ git: new Git({ cwd: at('project'), env: {}, gitPath: old }), commonDir });
    await expect(radar.look({ works: [], onto: '0'.repeat(40) })).rejects.toMatchObject({
      code: 'PWT_GIT_TOO_OLD',
    });
  });
});

describe('GitRadar with watches', () => {
  const collides = ({ x }: Record<string, Sighting>) => x?.colliding.length === 1;

  it('sees edits, new and deleted files, and what was put back', async () => {
    const { put, look, expectSeen, at } = await setUp(['x', 'y'], { watch: true });
    await look();
    put('x', 'src/a.ts', changed(3, 'x'));
    put('y', 'src/a.ts', changed(3, 'y'));
    await expectSeen(collides);
    put('x', 'src/a.ts', LINES);
    await expectSeen(({ x }) => x?.changes.length === 0 && x.colliding.length === 0);
    rmSync(at('x', 'src/a.ts'));
    await expectSeen(collides);
    put('x', 'fresh/deep/er.ts', 'x\n');
    await expectSeen(({ x }) => x?.changes.includes('fresh/deep/er.ts') === true);
    appendFileSync(at('x', 'fresh/deep/er.ts'), 'more\n');
    put('x', 'fresh/deep/second.ts', 'x\n');
    await expectSeen(({ x }) => x?.changes.includes('fresh/deep/second.ts') === true);
    rmSync(at('x', 'fresh'), { recursive: true });
    await expectSeen(({ x }) => x?.changes.join() === 'src/a.ts');
  });

  it('sees folders that are moved, and their files after that', async () => {
    const { look, expectSeen, at, put } = await setUp(['x'], { watch: true });
    await look();
    renameSync(at('x', 'src/deep'), at('x', 'src/moved'));
    await expectSeen(({ x }) => x?.changes.join() === 'src/deep/c.ts,src/moved/c.ts');
    put('x', 'src/moved/new.ts', 'x\n');
    await expectSeen(({ x }) => x?.changes.includes('src/moved/new.ts') === true);
    renameSync(at('x', 'src/moved'), at('x', 'src/deep'));
    await expectSeen(({ x }) => x?.changes.join() === 'src/deep/new.ts');
  });

  it('goes by commits, resets and rules that change', async () => {
    const { look, expectSeen, gitIn, put } = await setUp(['x'], { watch: true });
    await look();
    put('x', 'src/a.ts', changed(3, 'x'));
    put('x', 'log.txt', 'x\n');
    await expectSeen(({ x }) => x?.changes.join() === 'log.txt,src/a.ts');
    gitIn('x', 'commit', '-qam', 'x');
    expect((await look()).x?.changes).toEqual(['log.txt', 'src/a.ts']);
    put('x', '.gitignore', 'out/\n*.txt\n');
    await expectSeen(({ x }) => x?.changes.join() === '.gitignore,src/a.ts');
    gitIn('x', 'reset', '-q', '--hard', 'main');
    await expectSeen(({ x }) => x?.changes.join() === 'log.txt');
  });

  it('sees no file of an ignored folder, nor one behind a link', async () => {
    const { look, expectSeen, put, at } = await setUp(['x'], { watch: true });
    await look();
    put('x', 'out/deep/log', 'x\n');
    mkdirSync(at('outside'));
    writeFileSync(at('outside', 'secret'), 'x\n');
    symlinkSync(at('outside'), at('x', 'src/link'));
    put('x', 'last.ts', 'x\n');
    const { x } = await expectSeen((seen) => seen.x?.changes.includes('last.ts') === true);
    expect(x?.changes).toEqual(['last.ts', 'src/link']);
  });
});

function listed(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? listed(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}
