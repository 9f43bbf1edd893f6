import { chmodSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { expectUntouched } from '../test/landing.js';
import { repositoryWith, temporaryFolder, testEnvironment } from '../test/repository.js';
import { GitMerger } from './git-merger.js';

const subject = { kind: 'tasks', taskIds: ['20'] } as const;
const REQUEST = { runId: 'r1', subject, message: 'Task 20: login' };

describe('integrate', () => {
  it('makes a merge commit on top of onto, with a trailer, kept by a ref', async () => {
    const { repository, base } = await repositoryWith({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const onto = await repository.side(base, { 'a.txt': 'A\n' });
    const commit = await repository.side(base, { 'b.txt': 'B\n' });

    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });

    if (outcome.status !== 'merged') throw new Error(outcome.status);
    const { git } = repository;
    expect(await git.text(['rev-list', '--no-walk', '--parents', outcome.commit])).toBe(
      `${outcome.commit} ${onto} ${commit}`,
    );
    expect(await repository.show(outcome.commit, 'a.txt')).toBe('A\n');
    expect(await repository.show(outcome.commit, 'b.txt')).toBe('B\n');
    expect(await git.text(['log', '-1', '--format=%B', outcome.commit])).toContain('\n\nPwt-Task: 20');
    expect(await git.text(['rev-parse', 'refs/pwt/r1/candidates/20'])).toBe(outcome.commit);
  });

  it('touches nothing of the checkout, nor the integration ref', async () => {
    const { repository, base } = await repositoryWith({ 'a.txt': 'a\n', '.gitignore': '*.log\n' });
    const commit = await repository.side(base, { 'b.txt': 'B\n' });
    await repository.merger.open({ runId: 'r1', target: 'main', start: base });
    repository.write({ 'a.txt': 'edited\n', 'x.log': 'ignored\n', new: 'untracked\n' });

    await expectUntouched(repository, () => repository.merger.integrate({ ...REQUEST, onto: base, commit }));

    expect(await repository.git.text(['rev-parse', 'refs/pwt/r1/integration'])).toBe(base);
  });

  it('makes a merge commit even where a fast-forward would do', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.side(base, { a: 'b\n' });
    const merged = await repository.merged(base, commit);
    expect(await repository.git.text(['rev-parse', `${merged}^1`, `${merged}^2`])).toBe(`${base}\n${commit}`);
    expect(await repository.git.text(['rev-parse', `${merged}^{tree}`])).toBe(
      await repository.git.text(['rev-parse', `${commit}^{tree}`]),
    );
  });

  it('finds the merge of an interrupted call again', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.side(base, { a: 'b\n' });
    const first = await repository.merged(base, commit);
    expect(await repository.merged(base, commit)).toBe(first);
    const other = await repository.side(base, { c: 'c\n' });
    expect(await repository.merged(other, commit)).not.toBe(first);
  });

  it('says that a commit is contained, and that equal commits are', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const onto = await repository.side(base, { a: 'b\n' });
    expect(await repository.merger.integrate({ ...REQUEST, onto, commit: base })).toEqual({
      status: 'contained',
    });
    expect(await repository.merger.integrate({ ...REQUEST, onto, commit: onto })).toEqual({
      status: 'contained',
    });
  });

  it('refuses a commit that does not exist, and a label that is no name', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const missing = '1'.repeat(40);
    await expect(
      repository.merger.integrate({ ...REQUEST, onto: base, commit: missing }),
    ).rejects.toMatchObject({
      code: 'PWT_COMMIT_NOT_FOUND',
    });
    await expect(
      repository.merger.integrate({
        ...REQUEST,
        subject: { kind: 'tasks', taskIds: ['../heads/main'] },
        onto: base,
        commit: base,
      }),
    ).rejects.toMatchObject({ code: 'PWT_BAD_REF_NAME' });
  });

  it('commits as pwt where git has no identity', async () => {
    const names = Object.entries(testEnvironment).filter(([name]) => !/_(NAME|EMAIL)$/.test(name));
    const anonymous = Object.fromEntries(names);
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.side(base, { a: 'b\n' });
    const git = new Git({ cwd: repository.path, env: anonymous });
    const merger = new GitMerger({ git, commonDir: repository.commonDir });
    const outcome = await merger.integrate({ ...REQUEST, onto: base, commit });
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    expect(await git.text(['log', '-1', '--format=%an <%ae> %cn', outcome.commit])).toBe(
      'pwt <pwt@localhost> pwt',
    );
  });
});

describe('conflicts', () => {
  const cases: Record<string, [base: object, ours: object, theirs: object, paths: string[], kind: string]> = {
    'two edits of one line': [{ f: '1\n' }, { f: '2\n' }, { f: '3\n' }, ['f'], 'content'],
    'two new files of one name': [{ f: '1\n' }, { g: '2\n' }, { g: '3\n' }, ['g'], 'add/add'],
    'edit against delete': [{ f: '1\n', h: '' }, { f: null }, { f: '3\n' }, ['f'], 'modify/delete'],
    'binary files': [{ f: '\0\x01' }, { f: '\0\x02' }, { f: '\0\x03' }, ['f'], 'binary'],
  };
  for (const [name, [files, ours, theirs, paths, kind]] of Object.entries(cases)) {
    it(`names the path: ${name}`, async () => {
      const { repository, base } = await repositoryWith(files as never);
      const onto = await repository.side(base, ours as never);
      const commit = await repository.side(base, theirs as never);
      const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });
      expect(outcome).toMatchObject({ status: 'conflicted', paths: paths.map((path) => ({ path })) });
      if (kind !== 'binary') expect(outcome).toMatchObject({ paths: [{ kind }] });
      expect(await repository.git.text(['for-each-ref', 'refs/pwt'])).toBe('');
    });
  }

  it('one name as a file and as a folder', async () => {
    const { repository, base } = await repositoryWith({ x: '' });
    const onto = await repository.side(base, { d: 'file\n' });
    const commit = await repository.side(base, { 'd/e': 'inside\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });
    expect(outcome).toMatchObject({ status: 'conflicted' });
  });

  it('a folder renamed on one side, a new file in it on the other', async () => {
    const { repository, base } = await repositoryWith({ 'src/a': 'aaa\n', 'src/b': 'bbb\n' });
    const onto = await repository.side(base, {
      'src/a': null,
      'src/b': null,
      'lib/a': 'aaa\n',
      'lib/b': 'bbb\n',
    });
    const commit = await repository.side(base, { 'src/new': 'new\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });
    expect(outcome.status).toBe('conflicted');
    if (outcome.status === 'conflicted') expect(outcome.paths.length).toBeGreaterThan(0);
  });

  it('histories without a common commit', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const tree = await repository.git.text(['rev-parse', 'HEAD^{tree}']);
    const orphan = await repository.git.text(['commit-tree', tree, '-m', 'orphan']);
    const outcome = await repository.merger.integrate({ ...REQUEST, onto: base, commit: orphan });
    expect(outcome).toEqual({ status: 'conflicted', paths: [{ path: '.', kind: 'unrelated histories' }] });
  });
});

describe('clean merges', () => {
  it('an edit follows a rename on the other side', async () => {
    const text = Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join('');
    const { repository, base } = await repositoryWith({ old: text });
    const onto = await repository.side(base, { old: null, new: text });
    const commit = await repository.side(base, { old: text.replace('line 3\n', 'LINE 3\n') });
    const merged = await repository.merged(onto, commit);
    expect(await repository.show(merged, 'new')).toContain('LINE 3\n');
    expect(await repository.git.text(['ls-tree', '--name-only', merged])).toBe('new');
  });

  it('mode, link and odd names on one side come through', async () => {
    const { repository, base } = await repositoryWith({ run: '#!/bin/sh\n', file: 'x\n' });
    const odd = { 'tab\there': '1', 'new\nline': '2', '"quoted"': '3', '-dash': '4', 'trailing. ': '5' };
    await repository.git.run(['checkout', '--quiet', '--detach', base]);
    chmodSync(join(repository.path, 'run'), 0o755);
    const commit = await repository.commit({ ...odd, file: { link: 'run' } });
    await repository.git.run(['checkout', '--quiet', 'main']);
    const onto = await repository.side(base, { other: 'o\n' });
    const merged = await repository.merged(onto, commit);
    const entries = await repository.git.zRecords(['ls-tree', '-r', '-z', merged]);
    expect(entries.find((entry) => entry.endsWith('\trun'))).toMatch(/^100755 /);
    expect(entries.find((entry) => entry.endsWith('\tfile'))).toMatch(/^120000 /);
    for (const name of Object.keys(odd))
      expect(entries.some((entry) => entry.endsWith(`\t${name}`))).toBe(true);
  });

  it('a criss-cross with two merge bases', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n', c: '1\n' });
    const left = await repository.side(base, { a: '2\n' });
    const right = await repository.side(base, { b: '2\n' });
    const leftMerged = await repository.merged(left, right, 'l');
    const rightMerged = await repository.merged(right, left, 'r');
    const onto = await repository.side(leftMerged, { c: '2\n' });
    const commit = await repository.side(rightMerged, { d: 'new\n' });
    const merged = await repository.merged(onto, commit);
    expect(await repository.show(merged, 'c')).toBe('2\n');
    expect(await repository.show(merged, 'd')).toBe('new\n');
  });
});

describe('the verdict does not depend on', () => {
  const union = { '.gitattributes': 'log merge=union\n', log: 'one\n' };

  it('uncommitted attributes in the checkout', async () => {
    const { repository, base } = await repositoryWith({ log: 'one\n' });
    const onto = await repository.side(base, { log: 'one\ntwo\n' });
    const commit = await repository.side(base, { log: 'one\nthree\n' });
    repository.write({ '.gitattributes': 'log merge=union\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });
    expect(outcome.status).toBe('conflicted');
  });

  it('attributes of the user', async () => {
    const attributes = join(temporaryFolder(), 'attributes');
    writeFileSync(attributes, 'log merge=union\n');
    const { repository, base } = await repositoryWith({ log: 'one\n' });
    await repository.git.run(['config', 'core.attributesFile', attributes]);
    const onto = await repository.side(base, { log: 'one\ntwo\n' });
    const commit = await repository.side(base, { log: 'one\nthree\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit });
    expect(outcome.status).toBe('conflicted');
  });

  it('a checkout that lacks the committed attributes', async () => {
    const { repository, base } = await repositoryWith(union);
    const onto = await repository.side(base, { log: 'one\ntwo\n' });
    const commit = await repository.side(base, { log: 'one\nthree\n' });
    rmSync(join(repository.path, '.gitattributes'));
    const merged = await repository.merged(onto, commit);
    expect((await repository.show(merged, 'log')).split('\n').sort()).toEqual(['', 'one', 'three', 'two']);
  });

  it('the configuration of renames', async () => {
    const text = Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join('');
    const { repository, base } = await repositoryWith({ old: text });
    await repository.git.run(['config', 'merge.renames', 'false']);
    await repository.git.run(['config', 'diff.renames', 'false']);
    const onto = await repository.side(base, { old: null, new: text });
    const commit = await repository.side(base, { old: `${text}more\n` });
    expect(await repository.show(await repository.merged(onto, commit), 'new')).toContain('more\n');
  });

  it('replace refs', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const commit = await repository.side(base, { a: '2\n' });
    const other = await repository.side(base, { a: 'replaced\n' });
    await repository.git.run(['replace', commit, other]);
    expect(await repository.show(await repository.merged(base, commit), 'a')).toBe('2\n');
  });
});

describe('merge drivers of the user', () => {
  async function withDriver(driver: string) {
    const { repository, base } = await repositoryWith({ '.gitattributes': 'f merge=mine\n', f: '1\n' });
    await repository.git.run(['config', 'merge.mine.driver', driver]);
    const onto = await repository.side(base, { f: '2\n' });
    const commit = await repository.side(base, { f: '3\n' });
    return { repository, onto, commit };
  }

  it('are used', async () => {
    const { repository, onto, commit } = await withDriver('echo joined > %A');
    expect(await repository.show(await repository.merged(onto, commit), 'f')).toBe('joined\n');
  });

  it('may hang: the merge ends with an error', async () => {
    const fifo = join(temporaryFolder(), 'fifo');
    const { repository, onto, commit } = await withDriver(`mkfifo '${fifo}'; read x < '${fifo}'`);
    const { git, commonDir } = repository;
    const merger = new GitMerger({ git, commonDir, mergeTimeoutMs: 500 });
    await expect(merger.integrate({ ...REQUEST, onto, commit })).rejects.toMatchObject({
      code: 'PWT_MERGE_TIMED_OUT',
    });
    expect(await git.text(['for-each-ref', 'refs/pwt'])).toBe('');
    // The driver has ended with git: the other end is closed.
    await expect(open(fifo, constants.O_WRONLY | constants.O_NONBLOCK)).rejects.toMatchObject({
      code: 'ENXIO',
    });
  });
});

describe('an aborted merge', () => {
  it.each(['integrate', 'replay'] as const)(
    'ends a driver that hangs, and keeps nothing: %s',
    async (method) => {
      const { repository, base } = await repositoryWith({ '.gitattributes': 'f merge=mine\n', f: '1\n' });
      const [fifo, begun] = [join(temporaryFolder(), 'fifo'), join(temporaryFolder(), 'begun')];
      const driver = `mkfifo '${fifo}'; echo > '${begun}'; read x < '${fifo}'`;
      await repository.git.run(['config', 'merge.mine.driver', driver]);
      const onto = await repository.side(base, { f: '2\n' });
      const commit = await repository.side(base, { f: '3\n' });
      const { git, commonDir } = repository;
      const stop = new AbortController();
      const request = { ...REQUEST, onto, commit, over: base, abortSignal: stop.signal };
      const settled = new GitMerger({ git, commonDir })[method](request).catch((error: unknown) => error);
      await expect.poll(() => existsSync(begun), { timeout: 30_000 }).toBe(true);
      stop.abort();
      expect(await settled).toMatchObject({ code: 'PWT_ABORTED' });
      expect(await git.text(['for-each-ref', 'refs/pwt'])).toBe('');
    },
  );
});

describe('a merge that gives a wrong tree', () => {
  it('is never committed', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
    const onto = await repository.side(base, { a: '2\n' });
    const commit = await repository.side(base, { b: '2\n' });
    const tree = await repository.git.text(['rev-parse', `${commit}^{tree}`]);
    const gitPath = join(temporaryFolder(), 'git');
    const lie = `case " $* " in *" merge-tree "*) printf '${tree}\\0'; exit 0 ;; esac`;
    writeFileSync(gitPath, `#!/bin/sh\n${lie}\nexec git "$@"\n`, { mode: 0o755 });
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
    const merger = new GitMerger({ git, commonDir: repository.commonDir });
    await expect(merger.integrate({ ...REQUEST, onto, commit })).rejects.toMatchObject({
      code: 'PWT_MERGE_UNSOUND',
      data: { paths: ['a'] },
    });
    expect(await repository.git.text(['for-each-ref', 'refs/pwt'])).toBe('');
  });
});
