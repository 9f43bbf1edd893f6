import fs, { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@pwt/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { repositoryWith, type TestRepository } from '../test/repository.js';
import { CliGitReader } from './cli-reader.js';
import { discoverRepository } from './discovery.js';
import type { Git } from './git.js';
import { IsomorphicGitReader } from './isomorphic-reader.js';
import type { ObjectReader } from './object-reader.js';
import { openObjectReader } from './open-object-reader.js';
import { addWorktree } from './worktrees.js';

/** Opens a reader as seen from one directory of the repository. */
type Open = (repository: TestRepository, cwd?: string) => Promise<ObjectReader>;

const readers: ReadonlyArray<readonly [name: string, open: Open]> = [
  [
    'IsomorphicGitReader',
    async ({ git }, cwd = git.cwd) => new IsomorphicGitReader(await discoverRepository(git.at(cwd))),
  ],
  ['CliGitReader', async ({ git }, cwd = git.cwd) => new CliGitReader({ git: git.at(cwd) })],
  [
    'openObjectReader',
    async ({ git }, cwd = git.cwd) =>
      openObjectReader({ git: git.at(cwd), repository: await discoverRepository(git.at(cwd)) }),
  ],
];

const oddNames = ['-dash', 'a b', 'q"uote', "it's", 'new\nline', 'tab\t', 'ünïcödé', ':(top)x', '*.ts', '\\'];
const absent = 'a'.repeat(40);

describe.each(readers)('%s', (_name, open) => {
  async function using<T>(
    repository: TestRepository,
    use: (reader: ObjectReader) => Promise<T>,
    cwd?: string,
  ): Promise<T> {
    const reader = await open(repository, cwd);
    try {
      return await use(reader);
    } finally {
      await reader.close();
    }
  }

  it('reads a commit as it is stored', async () => {
    const repository = await repositoryWith({ a: '1' });
    const first = await repository.git.text(['rev-parse', 'HEAD']);
    const second = await repository.commit({ a: '2' }, 'Second: ünï\n\n  body \r\n\n\ntrailer: x\n\n');
    const commit = await using(repository, (reader) => reader.readCommit(second));
    expect(commit).toEqual({
      id: second,
      tree: await repository.git.text(['rev-parse', 'HEAD^{tree}']),
      parents: [first],
      author: { name: 'Ada', email: 'ada@example.com', timestamp: 1_700_000_000, timezone: '+0100' },
      committer: { name: 'Carl', email: 'carl@example.com', timestamp: 1_700_000_060, timezone: '+0000' },
      message: await repository.git
        .run(['log', '-1', '--format=%B'])
        .then(({ stdout }) => stdout.slice(0, -1)),
    });
  });

  it('reads merges, signatures and old encodings', async () => {
    const repository = await repositoryWith({ a: '1' });
    const parent = await repository.git.text(['rev-parse', 'HEAD']);
    const tree = await repository.git.text(['rev-parse', 'HEAD^{tree}']);
    const raw = [
      ...[`tree ${tree}`, `parent ${parent}`, `parent ${absent}`, 'author J\xf6rg <> 1 -0730'],
      ...['committer  <c@x> 2 +0000', 'encoding ISO-8859-1', 'gpgsig -----BEGIN', ' parent no', ' -----END'],
      ...['', 'caf\xe9'],
    ].join('\n');
    const id = await repository.git.text(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
      input: Buffer.from(raw, 'latin1'),
    });
    const commit = await using(repository, (reader) => reader.readCommit(id));
    expect(commit).toMatchObject({ parents: [parent, absent], message: 'café' });
    expect(commit?.author).toEqual({ name: 'Jörg', email: '', timestamp: 1, timezone: '-0730' });
    expect(commit?.committer).toMatchObject({ name: '', email: 'c@x' });
  });

  it('reads content byte for byte, loose and packed, also while git repacks', async () => {
    const repository = await repositoryWith({ small: '' });
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 256));
    writeFileSync(join(repository.path, 'big'), bytes);
    const commit = await repository.commit({ small: '\n\0\n' });
    await using(repository, async (reader) => {
      const check = async () => {
        expect((await reader.readFile({ commit, path: 'big' }))?.equals(bytes)).toBe(true);
        expect((await reader.readFile({ commit, path: 'small' }))?.toString()).toBe('\n\0\n');
      };
      await check();
      await repository.git.run(['repack', '-a', '-d', '-q']);
      await check();
      const later = await repository.commit({ more: 'more' });
      await repository.git.run(['repack', '-a', '-d', '-q']);
      expect(readdirSync(join(repository.path, '.git/objects')).sort()).toEqual(['info', 'pack']);
      await check();
      expect((await reader.readFile({ commit: later, path: 'more' }))?.toString()).toBe('more');
    });
  });

  it('answers many questions at once, each with its own answer', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`f${n}`, `content ${n}`.repeat(n)]),
    );
    const repository = await repositoryWith(files);
    const commit = await repository.git.text(['rev-parse', 'HEAD']);
    const contents = await using(repository, (reader) =>
      Promise.all(Object.keys(files).map((path) => reader.readFile({ commit, path }))),
    );
    expect(contents.map(String)).toEqual(Object.values(files));
  });

  it('lists files with their modes in the order of git, submodules included', async () => {
    const repository = await repositoryWith({ 'b/c/d': '1', 'b/c.txt': '2', 'b-x': '3', run: '4', a: '5' });
    symlinkSync('a', join(repository.path, 'link'));
    await repository.git.run(['add', 'link']);
    await repository.git.run(['update-index', '--chmod=+x', 'run']);
    await repository.git.run(['update-index', '--add', '--cacheinfo', `160000,${absent},module`]);
    await repository.git.run(['commit', '-q', '-m', 'modes']);
    const commit = await repository.git.text(['rev-parse', 'HEAD']);
    const files = await using(repository, (reader) => reader.listFiles(commit));
    const listing = files?.map(({ mode, type, id, path }) => `${mode} ${type} ${id}\t${path}`);
    expect(listing).toEqual(await repository.git.zRecords(['ls-tree', '-r', '-z', 'HEAD']));
    expect(files?.map(({ mode }) => mode)).toContain('100755');
  });

  it('takes a path as a path, whatever is in it', async () => {
    const files = Object.fromEntries(oddNames.map((name) => [`dir é/${name}`, `content of ${name}`]));
    const repository = await repositoryWith(files);
    const commit = await repository.git.text(['rev-parse', 'HEAD']);
    await using(repository, async (reader) => {
      for (const [path, content] of Object.entries(files)) {
        expect((await reader.readFile({ commit, path }))?.toString(), path).toBe(content);
      }
      expect((await reader.listFiles(commit))?.map(({ path }) => path).sort()).toEqual(
        Object.keys(files).sort(),
      );
    });
  });

  it('says null for what is not there', async () => {
    const repository = await repositoryWith({ 'dir/a': '1' });
    const commit = await repository.git.text(['rev-parse', 'HEAD']);
    await using(repository, async (reader) => {
      expect(await reader.readCommit(absent)).toBeNull();
      expect(await reader.readBlob(absent)).toBeNull();
      expect(await reader.listFiles(absent)).toBeNull();
      expect(await reader.readFile({ commit: absent, path: 'dir/a' })).toBeNull();
      expect(await reader.readRef('refs/heads/absent')).toBeNull();
      const paths = ['nope', 'dir', 'dir/a/b', '', './dir/a', '../x', 'dir//a', '/dir/a', 'no\nsuch'];
      for (const path of paths) expect(await reader.readFile({ commit, path }), path).toBeNull();
    });
  });

  it('refuses an object of another type, an abbreviated id and an abbreviated ref', async () => {
    const repository = await repositoryWith({ a: '1' });
    const commit = await repository.git.text(['rev-parse', 'HEAD']);
    const blob = await repository.git.text(['rev-parse', 'HEAD:a']);
    await using(repository, async (reader) => {
      const code = async (answer: Promise<unknown>) => answer.catch((error) => error.code);
      expect(await code(reader.readBlob(commit))).toBe('PWT_WRONG_OBJECT_TYPE');
      expect(await code(reader.readCommit(blob))).toBe('PWT_WRONG_OBJECT_TYPE');
      expect(await code(reader.readCommit(commit.slice(0, 10)))).toBe('PWT_BAD_OBJECT_ID');
      expect(await code(reader.readFile({ commit: 'HEAD', path: 'a' }))).toBe('PWT_BAD_OBJECT_ID');
      for (const ref of ['main', 'heads/main', 'refs/../HEAD', 'refs/heads/ma*']) {
        const answer = await reader.readRef(ref).catch((error: unknown) => error);
        expect(hasCode(answer, 'PWT_BAD_REF_NAME'), ref).toBe(true);
      }
    });
  });

  it('resolves loose, packed, symbolic and annotated refs, and moves with them', async () => {
    const repository = await repositoryWith({ a: '1' });
    const { git } = repository;
    const first = await git.text(['rev-parse', 'HEAD']);
    await git.run(['tag', '-a', 'v1', '-m', 'one']);
    await git.run(['symbolic-ref', 'refs/heads/alias', 'refs/heads/main']);
    await using(repository, async (reader) => {
      expect(await reader.readRef('refs/heads/main')).toBe(first);
      await git.run(['pack-refs', '--all', '--prune']);
      expect(await reader.readRef('refs/heads/main')).toBe(first);
      expect(await reader.readRef('refs/tags/v1')).toBe(await git.text(['rev-parse', 'v1']));
      const second = await repository.commit({ a: '2' });
      for (const ref of ['refs/heads/main', 'refs/heads/alias', 'HEAD']) {
        expect(await reader.readRef(ref), ref).toBe(second);
      }
      await git.run(['update-ref', '-d', 'refs/tags/v1']);
      expect(await reader.readRef('refs/tags/v1')).toBeNull();
    });
  });

  it('does not take refs/heads/refs/heads/x for refs/heads/x', async () => {
    const repository = await repositoryWith({ a: '1' });
    await repository.git.run(['update-ref', 'refs/heads/refs/heads/x', 'HEAD']);
    expect(await using(repository, (reader) => reader.readRef('refs/heads/x'))).toBeNull();
  });

  it('sees HEAD, refs and new objects of a linked worktree', async () => {
    const repository = await repositoryWith({ a: '1' });
    const path = join(repository.folder, 'linked');
    const start = await repository.git.text(['rev-parse', 'HEAD']);
    await addWorktree(repository.git, { path, head: { kind: 'new-branch', branch: 'side', commit: start } });
    mkdirSync(join(path, 'sub'));
    writeFileSync(join(path, 'sub/new'), 'new');
    const linked = repository.git.at(path);
    await linked.run(['add', '-A']);
    await linked.run(['commit', '-q', '-m', 'side']);
    const side = await linked.text(['rev-parse', 'HEAD']);
    await linked.run(['update-ref', 'refs/worktree/own', start]);
    await using(
      repository,
      async (reader) => {
        expect(await reader.readRef('HEAD')).toBe(side);
        expect(await reader.readRef('refs/heads/main')).toBe(start);
        expect(await reader.readRef('refs/worktree/own')).toBe(start);
        expect((await reader.readFile({ commit: side, path: 'sub/new' }))?.toString()).toBe('new');
        await linked.run(['switch', '-q', '--detach', start]);
        expect(await reader.readRef('HEAD')).toBe(start);
      },
      path,
    );
    expect(await using(repository, (reader) => reader.readRef('HEAD'))).toBe(start);
    expect(await using(repository, (reader) => reader.readRef('refs/worktree/own'))).toBeNull();
  });

  it('says null for an unborn HEAD, and ignores replacements', async () => {
    const repository = await repositoryWith({ a: '1' });
    const [first, blob] = await repository.git.lines(['rev-parse', 'HEAD', 'HEAD:a']);
    const other = await repository.commit({ a: '2' });
    await repository.git.run(['replace', first ?? '', other], { env: { GIT_NO_REPLACE_OBJECTS: '' } });
    await repository.git.run(['symbolic-ref', 'HEAD', 'refs/heads/unborn']);
    await using(repository, async (reader) => {
      expect(await reader.readRef('HEAD')).toBeNull();
      expect((await reader.listFiles(first ?? ''))?.[0]?.id).toBe(blob);
    });
  });

  it.each([
    ['finds a ref', async (_git: Git) => undefined],
    ['does not take an old value', async (git: Git) => void (await git.run(['pack-refs', '--all']))],
  ])('%s that is packed while it looks', async (_case, prepare) => {
    const repository = await repositoryWith({ a: '1' });
    const { git } = repository;
    await git.run(['branch', 'hot']);
    await prepare(git);
    const latest = await repository.commit({ a: '2' });
    await git.run(['update-ref', 'refs/heads/hot', latest]);
    // Who reads packed-refs gets it as it was; right after, another process packs and prunes.
    const readFile = fs.promises.readFile;
    const spy = vi.spyOn(fs.promises, 'readFile').mockImplementation((async (
      path: string,
      options: object,
    ) => {
      const isPackedRefs = path.endsWith('packed-refs');
      const old = await readFile(path, options).catch((error: unknown) => error);
      if (isPackedRefs && spy.mock.calls.length < 10) await git.run(['pack-refs', '--all', '--prune']);
      if (old instanceof Error) throw old;
      return old;
    }) as typeof readFile);
    onTestFinished(() => spy.mockRestore());
    expect(await using(repository, (reader) => reader.readRef('refs/heads/hot'))).toBe(latest);
  });
});
