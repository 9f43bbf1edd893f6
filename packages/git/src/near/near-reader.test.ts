import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promises, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { hasCode } from '@pwt/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { repositoryWith, TestRepository, testEnvironment } from '../../test/repository.js';
import { discoverRepository } from '../discovery.js';
import { Git } from '../git.js';
import { isAncestor } from '../history.js';
import { readRef } from '../refs.js';
import { addWorktree } from '../worktrees.js';
import { NearReader } from './near-reader.js';

const absent = 'a'.repeat(40);

/** A reader that has earned all it may need. */
const rich = ({ path }: { readonly path: string }) =>
  new NearReader({ commonDir: join(path, '.git'), credit: 64 });

/** Git as a project has it: told where the repository is, with or without a reader. */
function gitOf({ path, git }: TestRepository, near?: NearReader): Git {
  const commonDir = join(path, '.git');
  const there = git.inPlace({ workTree: path, gitDir: commonDir, commonDir });
  return near === undefined ? there : there.readingWith(near);
}

const ways: ReadonlyArray<readonly [name: string, open: (repository: TestRepository) => Git]> = [
  ['git alone', (repository) => gitOf(repository)],
  ['git with a reader', (repository) => gitOf(repository, rich(repository))],
];

/** Commits on a branch, oldest first. */
async function history(repository: TestRepository, length: number): Promise<string[]> {
  const tree = await repository.git.text(['rev-parse', 'HEAD^{tree}']);
  const ids = [await repository.git.text(['rev-parse', 'HEAD'])];
  while (ids.length < length) {
    const parent = ids.at(-1) ?? '';
    ids.push(await repository.git.text(['commit-tree', tree, '-p', parent, '-m', `${ids.length}`]));
  }
  return ids;
}

describe.each(ways)('%s', (_name, open) => {
  it('resolves loose, packed, symbolic and annotated refs, and moves with them', async () => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    const first = await git.text(['rev-parse', 'HEAD']);
    await git.run(['tag', '-a', 'v1', '-m', 'one']);
    await git.run(['symbolic-ref', 'refs/heads/alias', 'refs/heads/main']);
    expect(await readRef(git, 'refs/heads/main')).toBe(first);
    await git.run(['pack-refs', '--all', '--prune']);
    expect(await readRef(git, 'refs/heads/main')).toBe(first);
    expect(await readRef(git, 'refs/tags/v1')).toBe(await git.text(['rev-parse', 'v1']));
    const second = await repository.commit({ a: '2' });
    for (const ref of ['refs/heads/main', 'refs/heads/alias'])
      expect(await readRef(git, ref), ref).toBe(second);
    await git.run(['update-ref', '-d', 'refs/tags/v1']);
    expect(await readRef(git, 'refs/tags/v1')).toBeNull();
    expect(await readRef(git, 'refs/heads/absent')).toBeNull();
  });

  it('does not take another name, or a folder, for a ref', async () => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    for (const name of ['refs/heads/x', 'refs/heads/folder', 'folder/in'])
      await git.run(['update-ref', `refs/heads/${name}`, 'HEAD']);
    expect(await readRef(git, 'refs/heads/x')).toBeNull();
    expect(await readRef(git, 'refs/heads/folder')).toBeNull();
    await git.run(['pack-refs', '--all', '--prune']);
    expect(await readRef(git, 'refs/heads/x')).toBeNull();
    expect(await readRef(git, 'refs/heads/folder/in')).toBe(await git.text(['rev-parse', 'HEAD']));
  });

  it('refuses an abbreviated ref', async () => {
    const git = open(await repositoryWith({ a: '1' }));
    for (const ref of ['main', 'heads/main', 'refs/../HEAD', 'refs/heads/ma*']) {
      const answer = await readRef(git, ref).catch((error: unknown) => error);
      expect(hasCode(answer, 'PWT_BAD_REF_NAME'), ref).toBe(true);
    }
  });

  it('sees the refs and the commits of a linked worktree', async () => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    const path = join(repository.folder, 'linked');
    const start = await git.text(['rev-parse', 'HEAD']);
    await addWorktree(git, { path, head: { kind: 'new-branch', branch: 'side', commit: start } });
    const commonDir = join(repository.path, '.git');
    const linked = git.inWorktree({ path, gitDir: join(commonDir, 'worktrees/linked'), commonDir });
    await linked.run(['commit', '-q', '--allow-empty', '-m', 'side']);
    const side = await linked.text(['rev-parse', 'HEAD']);
    await linked.run(['update-ref', 'refs/worktree/own', start]);
    expect(await readRef(linked, 'refs/heads/side')).toBe(side);
    expect(await readRef(linked, 'refs/worktree/own')).toBe(start);
    expect(await readRef(git, 'refs/worktree/own')).toBeNull();
    expect(await isAncestor(linked, { ancestor: start, descendant: side })).toBe(true);
  });

  it.each([
    ['finds a ref', async (_git: Git) => undefined],
    ['does not take an old value', async (git: Git) => void (await git.run(['pack-refs', '--all']))],
  ])('%s that is packed while it looks', async (_case, prepare) => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    await git.run(['branch', 'hot']);
    await prepare(git);
    const latest = await repository.commit({ a: '2' });
    await git.run(['update-ref', 'refs/heads/hot', latest]);
    // Who reads packed-refs gets it as it was; right after, another process packs and prunes.
    const readFile = promises.readFile;
    const stat = promises.stat;
    const packing = async (path: unknown) => {
      if (String(path).endsWith('packed-refs') && spy.mock.calls.length < 10)
        await git.run(['pack-refs', '--all', '--prune']);
    };
    const spy = vi.spyOn(promises, 'readFile').mockImplementation((async (path: string, options: object) => {
      const old = await readFile(path, options).catch((error: unknown) => error);
      await packing(path);
      if (old instanceof Error) throw old;
      return old;
    }) as typeof readFile);
    const looked = vi.spyOn(promises, 'stat').mockImplementation((async (path: string, options: object) => {
      const old = await stat(path, options).catch((error: unknown) => error);
      if (old instanceof Error) await packing(path);
      if (old instanceof Error) throw old;
      return old;
    }) as typeof stat);
    onTestFinished(() => {
      spy.mockRestore();
      looked.mockRestore();
    });
    expect(await readRef(git, 'refs/heads/hot')).toBe(latest);
  });

  it('tells which commit contains which', async () => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    const base = await git.text(['rev-parse', 'HEAD']);
    const left = await repository.branch('left', 'main', { l: '1' });
    const right = await repository.branch('right', 'main', { r: '1' });
    await git.run(['merge', '-q', '--no-ff', '-m', 'join', 'left']);
    const joined = await git.text(['rev-parse', 'HEAD']);
    await git.run(['checkout', '-q', '--orphan', 'other']);
    const unrelated = await repository.commit({ o: '1' });
    const all = [base, left, right, joined, unrelated];
    const expected = [
      [true, true, true, true, false],
      [false, true, false, true, false],
      [false, false, true, true, false],
      [false, false, false, true, false],
      [false, false, false, false, true],
    ];
    const table = async () =>
      Promise.all(
        all.map((ancestor) =>
          Promise.all(all.map((descendant) => isAncestor(git, { ancestor, descendant }))),
        ),
      );
    expect(await table()).toEqual(expected);
    await git.run(['repack', '-a', '-d', '-q']);
    expect(await table()).toEqual(expected);
  });

  it('fails for a commit that is not there, and ignores replacements', async () => {
    const repository = await repositoryWith({ a: '1' });
    const git = open(repository);
    const first = await git.text(['rev-parse', 'HEAD']);
    const second = await repository.commit({ a: '2' });
    const other = await git.text(['commit-tree', `${first}^{tree}`, '-m', 'no parent']);
    await git.run(['replace', second, other], { env: { GIT_NO_REPLACE_OBJECTS: '' } });
    expect(await isAncestor(git, { ancestor: first, descendant: second })).toBe(true);
    for (const request of [
      { ancestor: first, descendant: absent },
      { ancestor: absent, descendant: second },
    ])
      await expect(isAncestor(git, request)).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });

  it('says what git says in a shallow, a borrowing and a partial clone, and with SHA-256', async () => {
    const full = await repositoryWith({ a: '1' });
    await full.git.run(['config', 'uploadpack.allowFilter', 'true']);
    const [first = '', second = ''] = await history(full, 2);
    await full.git.run(['update-ref', 'refs/heads/main', second]);
    const clone = async (name: string, ...args: string[]) => {
      await full.git.run(['clone', '-q', ...args, join(full.folder, name, 'repo')]);
      return open(new TestRepository(join(full.folder, name)));
    };
    const request = { ancestor: first, descendant: second };
    const shallow = await clone('shallow', '--depth=1', `file://${full.path}`);
    await expect(isAncestor(shallow, request)).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    expect(await isAncestor(await clone('shared', '--shared', full.path), request)).toBe(true);
    const partial = await clone('partial', '--filter=tree:0', '--no-checkout', `file://${full.path}`);
    expect(await isAncestor(partial, request)).toBe(true);
    const long = await repositoryWith({ a: '1' }, ['--object-format=sha256']);
    const [one = '', two = ''] = await history(long, 2);
    await long.git.run(['update-ref', 'refs/heads/main', two]);
    expect(await readRef(open(long), 'refs/heads/main')).toBe(two);
    expect(await isAncestor(open(long), { ancestor: one, descendant: two })).toBe(true);
  });
});

describe('NearReader', () => {
  it('answers without git, from what lies near', async () => {
    const repository = await repositoryWith({ a: '1' });
    const [first = '', second = '', third = ''] = await history(repository, 3);
    await repository.git.run(['update-ref', 'refs/heads/main', third]);
    const commonDir = join(repository.path, '.git');
    const noGit = new Git({
      ...{ cwd: repository.path, env: testEnvironment, gitPath: '/nonexistent/git' },
      ...{ place: { workTree: repository.path, gitDir: commonDir, commonDir }, near: rich(repository) },
    });
    expect(await readRef(noGit, 'refs/heads/main')).toBe(third);
    expect(await readRef(noGit, 'refs/heads/absent')).toBeNull();
    expect(await isAncestor(noGit, { ancestor: first, descendant: third })).toBe(true);
    expect(await isAncestor(noGit, { ancestor: third, descendant: third })).toBe(true);
    // That none of them is an ancestor would take all of the history to prove.
    const unproven = isAncestor(noGit, { ancestor: third, descendant: second });
    await expect(unproven).rejects.toMatchObject({ code: 'PWT_GIT_NOT_FOUND' });
  });

  it('leaves to git what is in a pack, large, damaged, or no commit', async () => {
    const repository = await repositoryWith({ a: '1' });
    const { git } = repository;
    const first = await git.text(['rev-parse', 'HEAD']);
    const near = rich(repository);
    const contains = (descendant: string) => near.contains({ ancestor: first, descendant });
    const long = ['commit-tree', 'HEAD^{tree}', '-p', first];
    const noise = randomBytes(70_000).toString('base64');
    expect(await contains(await git.text(long, { input: 'short' }))).toBe(true);
    expect(await contains(await git.text(long, { input: noise }))).toBeUndefined();
    expect(await contains(await git.text(['rev-parse', 'HEAD:a']))).toBeUndefined();
    // A commit under another one's name.
    const forged = await git.text(long, { input: 'forged' });
    const [from, to] = [forged, 'b'.repeat(40)].map((id) =>
      join(repository.path, '.git/objects', id.slice(0, 2), id.slice(2)),
    );
    await promises.mkdir(join(to ?? '', '..'), { recursive: true });
    writeFileSync(to ?? '', readFileSync(from ?? ''));
    expect(await contains('b'.repeat(40))).toBeUndefined();
    writeFileSync(to ?? '', deflateSync('commit 9\0no commit'));
    expect(await contains('b'.repeat(40))).toBeUndefined();
    const second = await repository.commit({ a: '2' });
    await git.run(['repack', '-a', '-d', '-q']);
    expect(await rich(repository).contains({ ancestor: first, descendant: second })).toBeUndefined();
  });

  it('leaves to git a ref that is no plain file with an id, and reads nothing outside', async () => {
    const repository = await repositoryWith({ a: '1' });
    const heads = join(repository.path, '.git/refs/heads');
    const id = readFileSync(join(heads, 'main'), 'utf8');
    writeFileSync(join(repository.path, '.git/config'), '[core]\n\trepositoryformatversion = 99\n');
    writeFileSync(join(heads, 'circle'), 'ref: refs/heads/circle\n');
    writeFileSync(join(heads, 'out'), 'ref: refs/../../../outside\n');
    writeFileSync(join(repository.folder, 'outside'), id);
    writeFileSync(join(heads, 'name'), 'refs/heads/main\n');
    writeFileSync(join(heads, 'large'), `${id}${' '.repeat(70_000)}`);
    execFileSync('mkfifo', [join(heads, 'pipe')]);
    symlinkSync('pipe', join(heads, 'link'));
    const near = rich(repository);
    expect(await near.readRef('refs/heads/main')).toBe(id.trimEnd());
    for (const name of ['circle', 'out', 'name', 'large', 'pipe', 'link'])
      expect(await near.readRef(`refs/heads/${name}`), name).toBeUndefined();
  });

  it.each(['shallow', 'info/grafts'])('leaves a history that %s cuts off to git', async (file) => {
    const repository = await repositoryWith({ a: '1' });
    const [first = '', second = ''] = await history(repository, 2);
    await promises.mkdir(join(repository.path, '.git/info'), { recursive: true });
    writeFileSync(join(repository.path, '.git', file), `${second}\n`);
    const request = { ancestor: first, descendant: second };
    expect(await rich(repository).contains(request)).toBeUndefined();
    // Git is told not to heed grafts.
    const isSeen = file === 'info/grafts';
    expect(await isAncestor(gitOf(repository, rich(repository)), request)).toBe(isSeen);
  });

  it('is not for a reftable, nor for SHA-256', async () => {
    const repository = await discoverRepository((await repositoryWith({ a: '1' })).git);
    expect(NearReader.of(repository)).toBeInstanceOf(NearReader);
    expect(NearReader.of({ ...repository, refFormat: 'reftable' })).toBeUndefined();
    expect(NearReader.of({ ...repository, objectFormat: 'sha256' })).toBeUndefined();
  });

  it('is kept in the worktrees of its repository, and nowhere else', async () => {
    const repository = await repositoryWith({ a: '1' });
    const near = rich(repository);
    const git = gitOf(repository, near);
    const { commonDir } = near;
    expect(git.inWorktree({ path: '/w', gitDir: join(commonDir, 'worktrees/w'), commonDir }).near).toBe(near);
    expect(git.inPlace({ workTree: '/x', gitDir: '/x/.git', commonDir: '/x/.git' }).near).toBeUndefined();
    expect(git.at('/x').near).toBeUndefined();
  });

  it('does not start before it has earned what it costs to load, and pays for what it reads', async () => {
    const repository = await repositoryWith({ a: '1' });
    const ids = await history(repository, 50);
    // As in a process that has not loaded the library yet.
    vi.resetModules();
    const { NearReader: Reader } = await import('./near-reader.js');
    const commonDir = join(repository.path, '.git');
    const near = new Reader({ commonDir });
    const [first = '', second = ''] = ids;
    const close = { ancestor: first, descendant: second };
    const answers = [];
    for (let asked = 0; asked < 5; asked += 1) answers.push(await near.contains(close));
    expect(answers).toEqual([undefined, undefined, undefined, undefined, true]);
    // For the next one, it is there.
    expect(await new Reader({ commonDir }).contains(close)).toBe(true);
    // A question that needs more reads than were earned goes to git, and what was read is remembered for the next.
    const far = { ancestor: first, descendant: ids.at(-1) ?? '' };
    let asked = 1;
    while ((await near.contains(far)) === undefined) asked += 1;
    expect(asked).toBe(6);
    // Known commits cost nothing.
    for (const _ of ids) expect(await near.contains(far)).toBe(true);
  });
});

describe('isFree', () => {
  it('is true only where git would make the ref, loose or packed refs in the way or not', async () => {
    for (const pack of [false, true]) {
      const repository = await repositoryWith({ a: '1' });
      const { git } = repository;
      for (const name of ['a/b', 'a/c/d', 'x', 'gone/y']) await git.run(['branch', name]);
      if (pack) await git.run(['pack-refs', '--all', '--prune']);
      await git.run(['branch', '-D', 'gone/y']);
      const head = await git.text(['rev-parse', 'HEAD']);
      for (const name of [
        'a',
        'a/b',
        'a/b/c',
        'a/c',
        'a/c/d',
        'a/d',
        'x',
        'x/y',
        'y',
        'main',
        'main/z',
        'a/bc',
      ]) {
        const isFree = (await rich(repository).isFree(`refs/heads/${name}`)) === true;
        const check = ['update-ref', '--no-deref', `refs/heads/${name}`, head, ''];
        const { exitCode } = await git.run(check, { okExitCodes: [0, 128] });
        if (exitCode === 0) await git.run(['update-ref', '-d', `refs/heads/${name}`]);
        expect([pack, name, isFree]).toEqual([pack, name, exitCode === 0]);
      }
    }
  });
});
