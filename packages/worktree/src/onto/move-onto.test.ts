import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { type Files, fingerprint, repositoryWith, type TestRepository } from '../../test/repository.js';

interface Ready {
  readonly repository: TestRepository;
  readonly workspace: Workspace;
  readonly onto: string;
  readonly git: TestRepository['git'];
  readonly read: (path: string) => string;
}

/** A task's worktree, committed, and a commit of the target that was made meanwhile. */
async function ready(base: Files, ours: Files, theirs: Files): Promise<Ready> {
  const { repository, base: commit } = await repositoryWith(base);
  const workspace = await repository.create('20', commit);
  const git = repository.git.at(workspace.path);
  repository.write(ours, workspace.path);
  await git.run(['add', '--all', '--force']);
  await git.run(['commit', '--quiet', '--allow-empty', '-m', 'work']);
  const onto = await repository.commit(theirs, 'Add login: the form');
  const read = (path: string) => readFileSync(join(workspace.path, path), 'utf8');
  return { repository, workspace, onto, git, read };
}

const move = ({ repository, workspace, onto }: Ready, provider = repository.provider) =>
  provider.moveOnto({ workspace, onto, message: 'left' });

const collect = ({ repository, onto, workspace }: Ready) =>
  repository.provider.collect({ workspace: { ...workspace, base: onto }, message: 'left' });

const inA = { base: { a: '1\n2\n3\n' }, ours: { a: '1\nours\n3\n' }, theirs: { a: '1\ntheirs\n3\n' } };
const conflictInA = () => ready(inA.base, inA.ours, { ...inA.theirs, other: 'o\n' });

describe('a merge that conflicts', () => {
  it('names both sides in its markers, and is what git calls a merge under way', async () => {
    const given = await conflictInA();
    const { outcome } = await move(given);
    expect(outcome).toEqual({
      status: 'conflicted',
      onto: given.onto,
      paths: [{ path: 'a', kind: 'content' }],
    });
    expect(given.read('a')).toBe(
      `1\n<<<<<<< feature/us-020\nours\n=======\ntheirs\n>>>>>>> ${given.onto.slice(0, 10)}-Add-login-the-form\n3\n`,
    );
    const { git } = given;
    expect(await git.text(['status', '--porcelain'])).toBe('UU a\nA  other');
    await git.run(['checkout', '--quiet', '--theirs', 'a']);
    await git.run(['commit', '--quiet', '--all', '--no-edit']);
    expect(await git.text(['log', '-1', '--format=%P %s'])).toMatch(
      new RegExp(`^[0-9a-f]+ ${given.onto} Merge ${given.onto.slice(0, 10)} into feature/us-020$`),
    );
    expect(await collect(given)).toMatchObject({ status: 'collected', changes: [] });
  });

  it('is not in a list that is joined line by line beside it', async () => {
    const given = await ready(
      { ...inA.base, list: '[ ] 1\n[ ] 2\n' },
      { ...inA.ours, list: '[x] 1\n[ ] 2\n' },
      { ...inA.theirs, list: '[ ] 1\n[x] 2\n' },
    );
    const { repository, workspace, onto, git } = given;
    const request = { workspace, onto, message: 'left', lists: ['list'] };
    const paths = [{ path: 'a', kind: 'content' }];
    expect((await repository.provider.moveOnto(request)).outcome).toEqual({
      status: 'conflicted',
      onto,
      paths,
    });
    expect(given.read('list')).toBe('[x] 1\n[x] 2\n');
    expect(await git.text(['status', '--porcelain'])).toBe('UU a\nM  list');
    expect((await repository.provider.moveOnto(request)).outcome).toMatchObject({ paths });
    repository.write({ a: '1\nboth\n3\n' }, workspace.path);
    expect(await collect(given)).toMatchObject({
      status: 'collected',
      changes: [{ path: 'a' }, { path: 'list' }],
    });
  });

  it('is undone by git merge --abort, and made again', async () => {
    const given = await conflictInA();
    await move(given);
    await given.git.run(['merge', '--abort']);
    expect(await given.git.text(['status', '--porcelain'])).toBe('');
    expect(given.read('a')).toBe('1\nours\n3\n');
    expect(await collect(given)).toMatchObject({ status: 'collected', changes: [{ path: 'a' }] });
    expect((await move(given)).outcome).toMatchObject({ status: 'conflicted' });
  });

  const kinds: Record<string, { base: Files; ours: Files; theirs: Files; kind: string; resolve?: Files }> = {
    'deleted by us': { base: { a: '1\n' }, ours: { a: null }, theirs: { a: '2\n' }, kind: 'modify/delete' },
    'deleted by them': { base: { a: '1\n' }, ours: { a: '2\n' }, theirs: { a: null }, kind: 'modify/delete' },
    'added by both': { base: { b: '1\n' }, ours: { a: '1\n' }, theirs: { a: '2\n' }, kind: 'add/add' },
    binary: { base: { a: 'a\0' }, ours: { a: 'b\0' }, theirs: { a: 'c\0' }, kind: 'binary' },
    'a link in both': {
      base: { a: { link: 'x' } },
      ours: { a: { link: 'y' } },
      theirs: { a: { link: 'z' } },
      kind: 'content',
    },
    'renamed by both': {
      base: { a: 'one\ntwo\nthree\n' },
      ours: { a: null, b: 'one\ntwo\nthree\n' },
      theirs: { a: null, c: 'one\ntwo\nthree\n' },
      kind: 'rename/rename',
    },
    'renamed and deleted': {
      base: { a: 'one\ntwo\nthree\n' },
      ours: { a: null, b: 'one\ntwo\nthree\n' },
      theirs: { a: null },
      kind: 'rename/delete',
    },
    'a file and a folder': {
      base: { a: '1\n' },
      ours: { a: '2\n' },
      theirs: { a: null, 'a/x': 'x\n' },
      kind: 'file/directory',
    },
  };

  it.each(Object.entries(kinds))('%s: held until it is resolved, and then it lands', async (_, one) => {
    const given = await ready({ ...one.base, keep: 'k\n' }, one.ours, one.theirs);
    const { outcome } = await move(given);
    expect(outcome).toMatchObject({ status: 'conflicted' });
    const found = outcome.status === 'conflicted' ? outcome.paths : [];
    expect(found.map(({ kind }) => kind)).toContain(one.kind);
    const held = await collect(given);
    expect(held).toMatchObject({ status: 'held', findings: [{ kind: 'merge', severity: 'error' }] });
    expect((await move(given)).outcome.status).toBe('conflicted');
    await given.git.run(['rm', '-r', '--quiet', '--force', '--ignore-unmatch', '--', 'a', 'b', 'c']);
    const left = (await given.git.zRecords(['ls-files', '-z'])).filter((path) => path.startsWith('a~'));
    if (left.length > 0) await given.git.run(['rm', '--quiet', '--force', '--', ...left]);
    given.repository.write({ done: 'd\n' }, given.workspace.path);
    const collected = await collect(given);
    expect(collected.status).toBe('collected');
    expect(await given.git.text(['rev-parse', 'HEAD^2'])).toBe(given.onto);
  });

  it('the mode of a file', async () => {
    const given = await ready({ a: '1\n2\n3\n' }, inA.ours, { a: '1\n2\n3\n' });
    chmodSync(join(given.repository.path, 'a'), 0o755);
    const onto = await given.repository.commit({});
    expect((await move({ ...given, onto })).outcome.status).toBe('merged');
    expect(lstatSync(join(given.workspace.path, 'a')).mode & 0o100).toBe(0o100);
  });

  it('markers that somebody has committed are found, also after another commit, and in a file of another size of markers', async () => {
    const given = await ready(
      { ...inA.base, '.gitattributes': 'a conflict-marker-size=12\n' },
      inA.ours,
      inA.theirs,
    );
    await move(given);
    expect(given.read('a')).toContain('<<<<<<<<<<<< feature/us-020\n');
    await given.git.run(['commit', '--quiet', '--all', '-m', 'done']);
    given.repository.write({ b: 'b\n' }, given.workspace.path);
    await given.git.run(['add', '--all']);
    await given.git.run(['commit', '--quiet', '-m', 'more']);
    const held = await collect(given);
    expect(held.status === 'held' && held.findings[0]?.message).toContain('markers are committed in a');
    expect((await move(given)).outcome).toMatchObject({ status: 'conflicted', paths: [{ path: 'a' }] });
    given.repository.write({ a: '1\nboth\n3\n' }, given.workspace.path);
    expect(await collect(given)).toMatchObject({ status: 'collected', committedLeftovers: true });
  });

  it('markers are found under another name, too, and what is written about them is content', async () => {
    const given = await conflictInA();
    await move(given);
    await given.git.run(['add', '--all']);
    await given.git.run(['mv', 'a', 'b']);
    await given.git.run(['commit', '--quiet', '-m', 'moved']);
    const held = await collect(given);
    expect(held.status === 'held' && held.findings[0]?.message).toContain('markers are committed in b');
    given.repository.write({ b: '1\nboth\n3\n', doc: '<<<<<<< HEAD\n=======\n' }, given.workspace.path);
    expect(await collect(given)).toMatchObject({ status: 'collected', committedLeftovers: true });
  });

  it('gets its second parent where its files were committed without', async () => {
    const given = await conflictInA();
    await move(given);
    await given.git.run(['reset', '--quiet']);
    given.repository.write({ a: '1\nboth\n3\n', mine: 'm\n' }, given.workspace.path);
    await given.git.run(['add', '--all']);
    await given.git.run(['commit', '--quiet', '-m', 'resolved']);
    expect(await collect(given)).toMatchObject({ changes: [{ path: 'a' }, { path: 'mine' }] });
    expect(await given.git.text(['rev-parse', 'HEAD^2'])).toBe(given.onto);
    expect(await given.git.text(['status', '--porcelain'])).toBe('');
  });

  it('gets no second parent where it was given up, or where a commit lacks something of it', async () => {
    for (const spoil of [{ other: null }, { other: 'mine\n' }] as const) {
      const given = await conflictInA();
      await move(given);
      await given.git.run(['reset', '--quiet']);
      given.repository.write({ a: '1\nboth\n3\n', ...spoil }, given.workspace.path);
      await given.git.run(['add', '--all']);
      await given.git.run(['commit', '--quiet', '-m', 'resolved']);
      await collect(given);
      expect(
        (await given.git.run(['rev-parse', '--quiet', '--verify', 'HEAD^2'], { okExitCodes: [0, 1] }))
          .exitCode,
      ).toBe(1);
    }
    const given = await ready(inA.base, inA.ours, inA.theirs);
    await move(given);
    await given.git.run(['merge', '--abort']);
    given.repository.write({ b: 'b\n' }, given.workspace.path);
    await collect(given);
    expect((await move(given)).outcome.status).toBe('conflicted');
  });

  it('what looks like a marker in a version is content', async () => {
    const doc = (text: string) => `Title\n=======\n<<<<<<< an example\n=======\n>>>>>>> of it\n${text}\n`;
    const given = await ready({ a: doc('1') }, { a: doc('ours') }, { a: doc('theirs') });
    await move(given);
    expect((await collect(given)).status).toBe('held');
    given.repository.write({ a: doc('both') }, given.workspace.path);
    expect((await collect(given)).status).toBe('collected');
  });

  it('another base comes after the merge that is under way', async () => {
    const given = await conflictInA();
    const { onto } = given;
    await move(given);
    const next = await given.repository.commit({ third: '3\n' });
    expect((await move({ ...given, onto: next })).outcome).toMatchObject({ status: 'conflicted', onto });
    given.repository.write({ a: 'both\n' }, given.workspace.path);
    expect((await move({ ...given, onto: next })).outcome).toEqual({ status: 'merged', onto: next });
    expect(given.read('third')).toBe('3\n');
  });
});

describe('what is never done', () => {
  it('a file that is in no commit is overwritten', async () => {
    const files = { '.gitignore': '.env\nout/\n', a: '1\n' };
    for (const path of ['.env', 'out/x']) {
      const given = await ready(files, { b: 'b\n' }, { [path]: 'theirs\n' });
      given.repository.write({ [path]: 'mine\n' }, given.workspace.path);
      const before = fingerprint(given.workspace.path);
      const { outcome, workspace } = await move(given);
      expect(outcome).toMatchObject({ status: 'kept', reason: expect.stringContaining(path) });
      expect(workspace).toEqual(given.workspace);
      expect(fingerprint(given.workspace.path)).toEqual(before);
    }
  });

  it('a folder of ignored files gives way to a file', async () => {
    const given = await ready(
      { '.gitignore': 'out/\n' },
      { b: 'b\n' },
      { '.gitignore': null, out: 'theirs\n' },
    );
    given.repository.write({ 'out/x': 'mine\n' }, given.workspace.path);
    expect((await move(given)).outcome).toMatchObject({
      status: 'kept',
      reason: expect.stringContaining('out/x'),
    });
    expect(given.read('out/x')).toBe('mine\n');
  });

  it('a hook or a driver that an agent has configured is run', async () => {
    const given = await ready({ ...inA.base, '.gitattributes': 'a merge=evil\n' }, inA.ours, inA.theirs);
    const { repository } = given;
    const canary = join(repository.folder, 'canary');
    const hooks = join(repository.commonDir, 'hooks');
    mkdirSync(hooks, { recursive: true });
    for (const name of ['pre-merge-commit', 'commit-msg', 'post-merge', 'post-checkout', 'post-commit'])
      writeFileSync(join(hooks, name), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
    await move(given);
    given.repository.write({ a: 'both\n' }, given.workspace.path);
    await collect(given);
    expect(existsSync(canary)).toBe(false);
  });

  it('anything, where there is no history in common, or another operation is under way', async () => {
    const given = await conflictInA();
    const { repository, git } = given;
    const tree = await repository.git.text(['rev-parse', 'HEAD^{tree}']);
    const stranger = await repository.git.text(['commit-tree', tree, '-m', 'stranger']);
    expect((await move({ ...given, onto: stranger })).outcome).toMatchObject({ status: 'kept' });
    await git.run(['bisect', 'start']);
    const before = fingerprint(given.workspace.path);
    expect((await move(given)).outcome).toMatchObject({
      status: 'kept',
      reason: expect.stringContaining('bisect'),
    });
    expect(fingerprint(given.workspace.path)).toEqual(before);
  });

  it('a commit of another branch that an agent has checked out', async () => {
    const given = await ready({ a: '1\n' }, { b: 'b\n' }, { c: 'c\n' });
    const main = await given.repository.git.text(['rev-parse', 'HEAD~1']);
    await given.git.run(['checkout', '--quiet', '--detach', main]);
    expect((await move(given)).outcome).toMatchObject({ status: 'kept' });
    await given.git.run(['checkout', '--quiet', 'feature/us-020']);
    expect((await move(given)).outcome.status).toBe('merged');
  });
});

describe('odd worktrees', () => {
  it('a sparse checkout: a file in conflict is there, and the rest stays away', async () => {
    const given = await ready(
      { 'in/x': '1\n', 'out/y': '1\n', 'out/z': '1\n' },
      { 'out/y': 'ours\n' },
      {
        'out/y': 'theirs\n',
        'out/z': 'theirs\n',
      },
    );
    await given.git.run(['sparse-checkout', 'set', 'in']);
    expect(existsSync(join(given.workspace.path, 'out/y'))).toBe(false);
    expect((await move(given)).outcome.status).toBe('conflicted');
    expect(given.read('out/y')).toContain('<<<<<<<');
    expect(existsSync(join(given.workspace.path, 'out/z'))).toBe(false);
    given.repository.write({ 'out/y': 'both\n' }, given.workspace.path);
    expect(await collect(given)).toMatchObject({ status: 'collected', changes: [{ path: 'out/y' }] });
  });

  it('names that are hard to write', async () => {
    const names = [' lead', 'new\nline', '-dash', 'quo"te', 'ü', '*', ':(top)x'];
    const of = (text: string) => Object.fromEntries(names.map((name) => [name, `${text}\n`]));
    const given = await ready(of('1'), of('ours'), of('theirs'));
    const { outcome } = await move(given);
    expect(outcome.status === 'conflicted' && outcome.paths.map(({ path }) => path).sort()).toEqual(
      names.sort(),
    );
    expect((await collect(given)).status).toBe('held');
    given.repository.write(of('both'), given.workspace.path);
    expect((await collect(given)).status).toBe('collected');
  });

  it('lines that end in CR LF', async () => {
    const crlf = (text: string) => ({ a: `1\r\n${text}\r\n3\r\n` });
    const given = await ready(crlf('2'), crlf('ours'), crlf('theirs'));
    await move(given);
    expect((await collect(given)).status).toBe('held');
    given.repository.write(crlf('both'), given.workspace.path);
    expect((await collect(given)).status).toBe('collected');
  });

  it('a link to a folder outside, which the other side makes a folder', async () => {
    const given = await ready(
      { a: '1\n', '.gitignore': 'lib\n' },
      { b: 'b\n' },
      { '.gitignore': null, 'lib/x': 'x\n' },
    );
    const outside = join(given.repository.folder, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(given.workspace.path, 'lib'));
    expect((await move(given)).outcome).toMatchObject({
      status: 'kept',
      reason: expect.stringContaining('lib'),
    });
    expect(existsSync(join(outside, 'x'))).toBe(false);
  });
});
