import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AgentExit, Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { useShared } from '../../../test/ends.js';
import { attemptOf, ExchangeStage, type TestWorker, write } from '../../../test/exchange-stage.js';
import { refs } from '../../exchange/refs.js';
import { restoreWork } from './restore.js';
import { commitWork } from './result-commit.js';

const exit: AgentExit = { kind: 'exited', exitCode: 0, durationMs: 5 };

/** All that is in a workspace but its `.git`: contents, links and modes. */
function filesIn(top: string, folder = ''): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(join(top, folder)).map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(join(top, path));
      if (path === '.git') return {};
      if (stats.isSymbolicLink()) return { [path]: `-> ${readlinkSync(join(top, path))}` };
      if (stats.isDirectory()) return filesIn(top, path);
      return { [path]: `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(top, path), 'latin1')}` };
    }),
  );
}

/** What git sees in a workspace. */
async function seen(worker: TestWorker, workspace: Workspace) {
  const git = worker.git(workspace);
  const branch = await git.text(['symbolic-ref', '-q', 'HEAD'], { okExitCodes: [0, 1] });
  const tips = await git.lines(['for-each-ref', '--format=%(refname) %(objectname)', `refs/heads/`]);
  return {
    files: filesIn(workspace.path),
    head: await git.text(['rev-parse', 'HEAD']),
    branch,
    tip: tips.filter((line) => line.startsWith(`refs/heads/${workspace.branch} `)),
    index: await git.text(['ls-files', '--stage']),
    status: await git.text(['status', '--porcelain', '--untracked-files=all']),
    log: await git.text(['log', '--format=%H %an %s']),
  };
}

/** A project whose base is on the exchange, and two workers. Each test has a task of its own. */
async function open(format: 'sha1' | 'sha256') {
  const stage = await ExchangeStage.create(
    { a: '1\n2\n3\n', gone: 'g\n', 'folder/x': 'x\n', tool: '#!/bin/sh\n', '.gitignore': 'ignored\n' },
    { format },
  );
  const base = await stage.head();
  await (await stage.exchange()).offer('r1', base);
  return { stage, base, one: await stage.worker('one'), two: await stage.worker('two') };
}

const shared = { sha1: useShared(() => open('sha1')), sha256: useShared(() => open('sha256')) };
let tasks = 0;

/** Work done on one worker, before and after it has travelled to another one. */
async function travelled(
  work: (path: string, git: ReturnType<TestWorker['git']>, stage: ExchangeStage) => Promise<void>,
  { unfinished = false, format = 'sha1' as 'sha1' | 'sha256' } = {},
) {
  const ended = unfinished ? undefined : exit;
  const { stage, base, one, two } = await shared[format].get();
  tasks += 1;
  const taskId = String(tasks);
  const from = await one.place(taskId, base);
  await work(from.path, one.git(from), stage);
  const before = await seen(one, from);
  const attempt = attemptOf(taskId);
  const commit = await commitWork(one, { workspace: from, attempt, ...(ended ? { exit: ended } : {}) });
  const to = await two.place(taskId, base);
  const ref = ended ? refs.attempt(attempt) : refs.unfinished(attempt);
  if (commit !== undefined) {
    await one.mirror.publish(ref, commit, ended ? 'create' : 'replace');
    await restoreWork(two, to, { ref, commit });
  }
  const after = await seen(two, to);
  return { stage, taskId, attempt, one, two, from, to, before, commit: commit ?? '', ref, after };
}

const busy = async (path: string, git: ReturnType<TestWorker['git']>) => {
  write(path, { a: '1\nours\n3\n', 'new/deep/file': 'n\n' });
  await git.run(['add', '--all']);
  await git.run(['commit', '--quiet', '-m', 'one']);
  write(path, { a: '1\nstaged\n3\n', 'staged only': 's\n' });
  await git.run(['add', '--all']);
  write(path, { a: '1\nunstaged\n3\n', untracked: 'u\n', 'bin ary': Buffer.from([0, 255, 10, 13, 128]) });
  rmSync(join(path, 'gone'));
  rmSync(join(path, 'folder/x'));
  symlinkSync('../outside', join(path, 'link'));
  chmodSync(join(path, 'tool'), 0o755);
  write(path, { 'folder/x/y': 'a file became a folder\n', crlf: 'a\r\nb\n' });
};

describe.each(['sha1', 'sha256'] as const)('work that travels, %s', (format) => {
  it('is the same byte by byte: commits, staged, unstaged, untracked, deleted, modes and links', async () => {
    const { before, after } = await travelled(busy, { format });
    expect(after).toEqual(before);
    expect(before.status.split('\n').length).toBeGreaterThan(6);
  });
});

it('leaves out what is ignored', async () => {
  const { before, after } = await travelled(async (path) => write(path, { ignored: 'i\n', kept: 'k\n' }));
  expect(before.files).toHaveProperty('ignored');
  expect(Object.keys(after.files)).toEqual(Object.keys(before.files).filter((path) => path !== 'ignored'));
});

it('unfinished work is the same, and none is not committed', async () => {
  const { before, after } = await travelled(busy, { unfinished: true });
  expect(after).toEqual(before);
  const nothing = await travelled(async () => undefined, { unfinished: true });
  expect(nothing.commit).toBe('');
});

it('unfinished work that has not changed is not committed again', async () => {
  const { one, from, attempt, commit } = await travelled(busy, { unfinished: true });
  const again = { workspace: from, attempt, last: commit };
  expect(await commitWork(one, again)).toBe(commit);
  write(from.path, { more: 'm\n' });
  expect(await commitWork(one, again)).not.toBe(commit);
  // All of it was taken back: that is a state, too.
  await one.git(from).run(['reset', '--quiet', '--hard', from.base]);
  await one.git(from).run(['clean', '--quiet', '-fd']);
  await one.git(from).run(['reflog', 'expire', '--expire=all', '--all']);
  const back = (await commitWork(one, again)) ?? '';
  expect(await one.git(from).text(['rev-parse', `${back}^{tree}`])).toBe(
    await one.git(from).text(['rev-parse', `${from.base}^{tree}`]),
  );
});

it('keeps a merge under way with its conflicts, which then ends as it would have', async () => {
  const { before, after, two, to, taskId } = await travelled(async (path, git) => {
    await git.run(['switch', '--quiet', '-c', 'theirs']);
    write(path, { a: '1\ntheirs\n3\n' });
    await git.run(['commit', '--quiet', '-am', 'theirs']);
    await git.run(['switch', '--quiet', '-']);
    write(path, { a: '1\nours\n3\n' });
    await git.run(['commit', '--quiet', '-am', 'ours']);
    await git.run(['merge', '--quiet', 'theirs'], { okExitCodes: [1] });
  });
  expect(before.status).toContain('UU a');
  expect(after).toEqual(before);
  const git = two.git(to);
  write(to.path, { a: 'both\n' });
  await git.run(['commit', '--quiet', '--all', '--no-edit']);
  expect(await git.text(['log', '-1', '--format=%s'])).toBe(`Merge branch 'theirs' into pwt/r1/${taskId}`);
  expect((await git.text(['log', '-1', '--format=%P'])).split(' ')).toHaveLength(2);
});

it('a merge that pwt has left is there to be finished: held while it is not, and then collected', async () => {
  const stage = await ExchangeStage.create({ a: '1\n2\n3\n' });
  const base = await stage.head();
  const exchange = await stage.exchange();
  await exchange.offer('r1', base);
  const [one, two] = [await stage.worker('one'), await stage.worker('two')];
  const from = await one.place('1', base);
  write(from.path, { a: '1\nours\n3\n' });
  const onto = await stage.commit({ a: '1\ntheirs\n3\n', b: 'b\n' });
  await exchange.offer('r1', onto);
  await one.mirror.fetch(refs.base(onto), onto);
  const { workspace, outcome } = await one.provider.moveOnto({ workspace: from, onto, message: 'left' });
  expect(outcome.status).toBe('conflicted');
  const commit = (await commitWork(one, { workspace, attempt: attemptOf('1'), exit })) ?? '';
  const ref = refs.attempt(attemptOf('1'));
  await one.mirror.publish(ref, commit, 'create');
  const to = await two.place('1', onto);
  await restoreWork(two, to, { ref, commit });
  expect((await two.provider.collect({ workspace: to, message: 'left' })).status).toBe('held');
  write(to.path, { a: '1\nboth\n3\n' });
  const collected = await two.provider.collect({ workspace: to, message: 'left' });
  expect(collected).toMatchObject({ status: 'collected', changes: [{ path: 'a' }] });
  expect(await two.git(to).text(['rev-parse', 'HEAD^2'])).toBe(onto);
});

it('a detached HEAD stays detached, and the branch is where it was', async () => {
  const { before, after } = await travelled(async (path, git) => {
    write(path, { a: 'one\n' });
    await git.run(['commit', '--quiet', '-am', 'one']);
    await git.run(['checkout', '--quiet', '--detach', 'HEAD~1']);
    write(path, { a: 'two\n' });
  });
  expect(after).toEqual(before);
  expect(before.branch).toBe('');
});

it('a rebase under way is there to be ended, on a detached HEAD', async () => {
  const { before, after, two, to } = await travelled(async (path, git) => {
    write(path, { a: '1\ntheirs\n3\n' });
    await git.run(['commit', '--quiet', '-am', 'theirs']);
    await git.run(['branch', 'base-of-theirs']);
    await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    write(path, { a: '1\nours\n3\n' });
    await git.run(['commit', '--quiet', '-am', 'ours']);
    await git.run(['rebase', '--quiet', 'base-of-theirs'], { okExitCodes: [1] });
  });
  expect(after).toEqual(before);
  const git = two.git(to);
  write(to.path, { a: 'both\n' });
  await git.run(['add', 'a']);
  await git.run(['rebase', '--continue']);
  expect(await git.lines(['log', '--format=%s', '-2'])).toEqual(['ours', 'theirs']);
});

it.each(['--assume-unchanged', '--skip-worktree'])(
  'what the set-up has hidden by %s is of each machine, and no work',
  async (flag) => {
    const stage = await ExchangeStage.create({ a: 'a\n', config: 'of the project\n' });
    const base = await stage.head();
    await (await stage.exchange()).offer('r1', base);
    const setup = (name: string) => ({ command: `echo ${name} >config; git update-index ${flag} config` });
    const one = await stage.worker('one', { setup: setup('one') });
    const two = await stage.worker('two', { setup: setup('two') });
    const [from, to] = [await one.place('1', base), await two.place('1', base)];
    write(from.path, { a: 'work\n' });
    const commit = (await commitWork(one, { workspace: from, attempt: attemptOf('1'), exit })) ?? '';
    const ref = refs.attempt(attemptOf('1'));
    await one.mirror.publish(ref, commit, 'create');
    await restoreWork(two, to, { ref, commit });
    expect(readFileSync(join(to.path, 'config'), 'utf8')).toBe('two\n');
    expect(await two.git(to).text(['status', '--porcelain'])).toBe(' M a');
    expect(await two.provider.collect({ workspace: to, message: 'left' })).toMatchObject({
      status: 'collected',
      changes: [{ path: 'a' }],
    });
    expect(await two.git(to).text(['show', 'HEAD:config'])).toBe('of the project');
  },
);

it.each([
  ['has them checked out', true],
  ['has not', false],
])('a submodule with work in it is there again, where the new workspace %s', async (_, populated) => {
  const stage = await ExchangeStage.create({ a: 'a\n' }, { env: { GIT_ALLOW_PROTOCOL: 'file' } });
  const library = join(stage.folder, 'library');
  const made = stage.plain(stage.folder);
  await made.run(['init', '--quiet', '--initial-branch=main', library]);
  write(library, { l: 'l\n' });
  const inLibrary = stage.plain(library);
  await inLibrary.run(['add', '--all']);
  await inLibrary.run(['commit', '--quiet', '-m', 'library']);
  await stage.project.run(['submodule', '--quiet', 'add', library, 'sub']);
  const base = await stage.commit({});
  await (await stage.exchange()).offer('r1', base);
  const [one, two] = [await stage.worker('one'), await stage.worker('two')];
  const [from, to] = [await one.place('1', base), await two.place('1', base)];
  const update = ['submodule', '--quiet', 'update', '--init'];
  await one.git(from).run(update);
  if (populated) await two.git(to).run(update);
  const sub = stage.plain(join(from.path, 'sub'));
  write(join(from.path, 'sub'), { l: 'committed\n' });
  await sub.run(['commit', '--quiet', '--all', '-m', 'in it']);
  write(join(from.path, 'sub'), { l: 'not committed\n', more: 'm\n' });
  const commit = (await commitWork(one, { workspace: from, attempt: attemptOf('1'), exit })) ?? '';
  const ref = refs.attempt(attemptOf('1'));
  await one.mirror.publish(ref, commit, 'create');
  await restoreWork(two, to, { ref, commit });
  const there = stage.plain(join(to.path, 'sub'));
  expect(await there.text(['rev-parse', 'HEAD'])).toBe(await sub.text(['rev-parse', 'HEAD']));
  expect(await there.text(['status', '--porcelain'])).toBe(await sub.text(['status', '--porcelain']));
  expect(readFileSync(join(to.path, 'sub/l'), 'utf8')).toBe('not committed\n');
  expect(await two.git(to).text(['status', '--porcelain'])).toBe(
    await one.git(from).text(['status', '--porcelain']),
  );
  await two.mirror.git.run(['update-ref', '-d', 'refs/pwt/restored/r1/1']);
  await restoreWork(two, to, { ref, commit });
  expect(await there.text(['log', '-1', '--format=%s'])).toBe('in it');
});

it('is put there once, and again only where it was interrupted', async () => {
  const { two, to, taskId, ref, commit, after } = await travelled(busy);
  write(to.path, { a: 'of the next attempt\n' });
  await restoreWork(two, to, { ref, commit });
  expect(readFileSync(join(to.path, 'a'), 'utf8')).toBe('of the next attempt\n');
  // As a kill in the middle leaves it.
  await two.mirror.git.run(['update-ref', '-d', `refs/pwt/restored/r1/${taskId}`]);
  writeFileSync(join(to.path, 'half'), 'h');
  await restoreWork(two, to, { ref, commit });
  expect(await seen(two, to)).toEqual(after);
  const [kept] = await two.mirror.git.lines([
    'for-each-ref',
    '--format=%(refname)',
    `refs/pwt/r1/snapshots/${taskId}/`,
  ]);
  expect(await two.mirror.git.text(['show', `${kept}:a`])).toBe('of the next attempt');
});

it('of a plain commit is its files on the branch, whatever its message says', async () => {
  const { stage, taskId, one, two, from, to } = await travelled(async () => undefined);
  const git = one.git(from);
  write(from.path, { a: 'collected\n' });
  const note = JSON.stringify({ v: 1, attempt: attemptOf(taskId), onBranch: false });
  await git.run(['commit', '--quiet', '--all', '-m', `done\n\nPwt-Work: ${note}\nPwt-Filters: off`]);
  const commit = await git.text(['rev-parse', 'HEAD']);
  const ref = refs.asked('r1', taskId, commit);
  await one.mirror.publish(ref, commit, 'create');
  await restoreWork(two, to, { ref, commit });
  expect(await seen(two, to)).toEqual(await seen(one, from));
  expect(await two.git(to).text(['symbolic-ref', 'HEAD'])).toBe(`refs/heads/${to.branch}`);
  expect(await stage.remoteRefs()).toHaveProperty([ref]);
});

it('is committed, too, where an agent has removed or replaced .git', async () => {
  for (const replace of [
    (path: string) => rmSync(path),
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
      write(path, { config: '[core]\nfsmonitor = touch canary\n', HEAD: 'ref: refs/heads/evil\n' });
    },
  ]) {
    const { one, two, from, to, taskId, stage } = await travelled(async () => undefined);
    write(from.path, { work: 'w\n' });
    replace(join(from.path, '.git'));
    const commit = (await commitWork(one, { workspace: from, attempt: attemptOf(taskId, 2), exit })) ?? '';
    const ref = refs.attempt(attemptOf(taskId, 2));
    await one.mirror.publish(ref, commit, 'create');
    await restoreWork(two, to, { ref, commit });
    expect(readFileSync(join(to.path, 'work'), 'utf8')).toBe('w\n');
    const exchange = await stage.exchange();
    await exchange.take({ ref, commit, into: `refs/pwt/r1/results/${taskId}/2` });
    expect(await exchange.exitOf(attemptOf(taskId, 2), commit)).toEqual(exit);
    expect(existsSync(join(from.path, 'canary'))).toBe(false);
  }
});
