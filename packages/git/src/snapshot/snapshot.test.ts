import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith, type TestRepository, testEnvironment } from '../../test/repository.js';
import { Git } from '../git.js';
import { addWorktree } from '../worktrees.js';
import { capture, isClean } from './capture.js';
import { Containment } from './containment.js';
import type { Place } from './place.js';
import { listSnapshots, readSnapshot } from './read-snapshot.js';
import { restoreBranch, restoreWorktree } from './restore-snapshot.js';
import { isSameState, writeSnapshot } from './write-snapshot.js';

interface Stage {
  readonly repository: TestRepository;
  readonly place: Place & { readonly gitDir: string; readonly workTree: string };
  readonly git: Git;
  readonly write: (files: Readonly<Record<string, string | null>>) => void;
}

const note = { runId: 'r', taskId: '1', reason: 'failed', takenAt: 1_700_000_000_000 };

async function stage(files: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const repository = await repositoryWith({
    a: 'a\n',
    b: 'b\n',
    'd/c': 'c\n',
    '.gitignore': '*.log\n',
    ...files,
  });
  const workTree = join(repository.folder, 'wt');
  const commit = await repository.git.text(['rev-parse', 'HEAD']);
  await addWorktree(repository.git, { path: workTree, head: { kind: 'new-branch', branch: 'task', commit } });
  const commonDir = join(repository.path, '.git');
  return {
    repository,
    place: {
      ...{ git: repository.git, commonDir, workTree, fallbackHead: null },
      gitDir: join(commonDir, 'worktrees/wt'),
    },
    git: repository.git.at(workTree),
    write: (content) => repository.write(content, workTree),
  };
}

/** Takes a snapshot and puts it under the next ref. */
async function snapshot({ repository, place }: Stage, number = 1) {
  const captured = await capture(place);
  const commit = await writeSnapshot(repository.git, captured, note);
  await repository.git.run(['update-ref', `refs/pwt/r/snapshots/1/${number}`, commit]);
  const entry = (await listSnapshots(repository.git)).find((found) => found.number === number);
  if (entry === undefined) throw new Error('not listed');
  return { captured, commit, entry };
}

async function restored(state: Stage) {
  const { entry } = await snapshot(state);
  const directory = join(state.repository.folder, 'back');
  const inner = await restoreWorktree(state.repository.git, entry, directory);
  return { directory, inner, git: state.repository.git.at(directory) };
}

/** Every file: mode, and content or target. */
function filesOf(
  top: string,
  skip: (path: string) => boolean = (path) => path === '.git',
): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = relative(top, join(folder, name));
      const stats = lstatSync(join(top, path));
      if (skip(path)) continue;
      if (stats.isDirectory()) visit(join(top, path));
      else if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(join(top, path))}`;
      else
        found[path] = `${(stats.mode & 0o111) === 0 ? '' : 'x '}${readFileSync(join(top, path), 'latin1')}`;
    }
  };
  visit(top);
  return found;
}

const staged = (git: Git) => git.text(['ls-files', '--stage']);
const status = (git: Git) => git.text(['status', '--porcelain', '--untracked-files=all']);

describe('a snapshot', () => {
  it('brings back files, modes, links, deletions and what was staged apart', async () => {
    const state = await stage();
    const { git, write, place } = state;
    write({ a: 'staged\n', 'new/staged': 's\n', b: null });
    await git.run(['add', '--all']);
    write({
      a: 'edited\n',
      'new/untracked': 'u\n',
      'd/c': 'x\n',
      'odd "name"\n': 'o\n',
      'x.log': 'ignored\n',
    });
    chmodSync(join(place.workTree, 'd/c'), 0o755);
    symlinkSync('/etc/hostname', join(place.workTree, 'out'));
    const before = { index: await staged(git), status: await status(git), files: filesOf(place.workTree) };
    const back = await restored(state);
    const { 'x.log': _ignored, ...files } = before.files;
    expect(filesOf(back.directory)).toEqual(files);
    expect(await staged(back.git)).toBe(before.index);
    expect(await status(back.git)).toBe(before.status);
    // Nothing was disturbed where it was taken.
    expect([await staged(git), await status(git), filesOf(place.workTree)]).toEqual(Object.values(before));
  });

  it('is read by plain git like a stash', async () => {
    const state = await stage();
    state.write({ a: 'staged\n' });
    await state.git.run(['add', 'a']);
    state.write({ a: 'edited\n', u: 'u\n' });
    const before = await status(state.git);
    const { commit } = await snapshot(state);
    await state.git.run(['reset', '--quiet', '--hard']);
    rmSync(join(state.place.workTree, 'u'));
    await state.git.run(['stash', 'apply', '--quiet', '--index', commit]);
    expect(await status(state.git)).toBe(before);
    expect(readFileSync(join(state.place.workTree, 'a'), 'utf8')).toBe('edited\n');
  });

  it('takes no lock and works under one', async () => {
    const state = await stage();
    state.write({ a: 'edited\n' });
    writeFileSync(join(state.place.gitDir, 'index.lock'), '');
    const { commit } = await snapshot(state);
    expect(await state.repository.git.text(['show', `${commit}:a`])).toBe('edited');
    expect(existsSync(join(state.place.gitDir, 'index.lock'))).toBe(true);
  });

  it.each(['--assume-unchanged', '--skip-worktree'])('sees what %s hides', async (flag) => {
    const state = await stage();
    await state.git.run(['update-index', flag, 'a']);
    state.write({ a: 'hidden\n' });
    expect(await status(state.git)).toBe('');
    const { commit } = await snapshot(state);
    expect(await state.repository.git.text(['show', `${commit}:a`])).toBe('hidden');
  });

  it('takes what a sparse checkout leaves out for no deletion', async () => {
    const state = await stage();
    await state.git.run(['sparse-checkout', 'set', '--no-cone', '/a']);
    expect(existsSync(join(state.place.workTree, 'd'))).toBe(false);
    state.write({ 'd/late': 'l\n' });
    const { captured } = await snapshot(state);
    const files = await state.repository.git.lines(['ls-tree', '-r', '--name-only', captured.tree]);
    expect(files).toEqual(['.gitignore', 'a', 'b', 'd/c', 'd/late']);
  });

  it('keeps a damaged or missing index from losing files', async () => {
    for (const break_ of [(file: string) => writeFileSync(file, 'junk'), (file: string) => rmSync(file)]) {
      const state = await stage();
      state.write({ a: 'edited\n', u: 'u\n' });
      break_(join(state.place.gitDir, 'index'));
      const { commit } = await snapshot(state);
      expect(await state.repository.git.text(['show', `${commit}:a`])).toBe('edited');
      expect(await state.repository.git.text(['show', `${commit}:u`])).toBe('u');
    }
  });

  it('takes a file as it is where its filter can not be run, and gives it back as it was', async () => {
    const state = await stage();
    await state.repository.git.run(['config', 'filter.broken.clean', 'false']);
    await state.repository.git.run(['config', 'filter.broken.smudge', 'false']);
    await state.repository.git.run(['config', 'filter.broken.required', 'true']);
    state.write({ '.gitattributes': '*.bin filter=broken\n', 'x.bin': 'raw\n' });
    const { directory } = await restored(state);
    expect(readFileSync(join(directory, 'x.bin'), 'utf8')).toBe('raw\n');
  });
});

describe('what is beside files and index', () => {
  it('is the conflict that a merge stopped at, with the merge', async () => {
    const state = await stage();
    const { git, write } = state;
    await git.run(['switch', '--quiet', '-c', 'other']);
    write({ a: 'theirs\n', b: null });
    await git.run(['commit', '--quiet', '-a', '-m', 'theirs']);
    await git.run(['switch', '--quiet', 'task']);
    write({ a: 'ours\n', b: 'changed\n' });
    await git.run(['commit', '--quiet', '-a', '-m', 'ours']);
    await git.run(['merge', 'other'], { okExitCodes: [1] });
    const before = [await staged(git), await status(git)];
    const back = await restored(state);
    expect([await staged(back.git), await status(back.git)]).toEqual(before);
    expect(await back.git.text(['rev-parse', 'MERGE_HEAD'])).toBe(await git.text(['rev-parse', 'other']));
    await back.git.run(['add', '--all']);
    await back.git.run(['commit', '--quiet', '-m', 'merged']);
    expect((await back.git.text(['show', '-s', '--format=%P', 'HEAD'])).split(' ')).toHaveLength(2);
  });

  it('is a rebase, which then moves no branch', async () => {
    const state = await stage();
    const { git, write } = state;
    write({ a: 'ours\n' });
    await git.run(['commit', '--quiet', '-a', '-m', 'ours']);
    await git.run(['branch', 'onto', 'HEAD~1']);
    await state.repository.git.run(['switch', '--quiet', 'onto']);
    await state.repository.commit({ a: 'theirs\n' });
    await git.run(['rebase', 'onto'], { okExitCodes: [1] });
    const tip = await git.text(['rev-parse', 'task']);
    const back = await restored(state);
    await back.git.run(['checkout', '--ours', 'a']);
    await back.git.run(['add', 'a']);
    await back.git.run(['rebase', '--skip']);
    expect(await git.text(['rev-parse', 'task'])).toBe(tip);
  });

  it('is commits that were amended or left behind', async () => {
    const state = await stage();
    state.write({ a: 'first\n' });
    await state.git.run(['commit', '--quiet', '-a', '-m', 'first']);
    const first = await state.git.text(['rev-parse', 'HEAD']);
    await state.git.run(['commit', '--quiet', '--amend', '-m', 'second']);
    const { commit, captured } = await snapshot(state);
    expect(captured.commits).toEqual([first]);
    expect((await readSnapshot(state.repository.git, commit)).commits).toEqual([first]);
    await state.repository.git.run(['merge-base', '--is-ancestor', first, commit]);
  });

  it('is work on a branch that has no commit yet', async () => {
    const state = await stage();
    await state.git.run(['checkout', '--quiet', '--orphan', 'fresh']);
    state.write({ a: 'fresh\n' });
    const back = await restored(state);
    expect(filesOf(back.directory)).toEqual(filesOf(state.place.workTree));
    expect(await staged(back.git)).toBe(await staged(state.git));
  });
});

describe('repositories inside', () => {
  /** A repository that would run something if git worked in it. */
  async function plant(state: Stage, path: string): Promise<{ readonly ran: string }> {
    const top = join(state.place.workTree, path);
    const ran = join(state.repository.folder, 'ran');
    await state.git.run(['init', '--quiet', path]);
    const inner = state.git.at(top);
    writeFileSync(join(top, 'committed'), 'c\n');
    await inner.run(['add', '--all']);
    await inner.run(['commit', '--quiet', '-m', 'inner']);
    writeFileSync(join(top, 'committed'), 'edited\n');
    writeFileSync(join(top, 'untracked'), 'u\n');
    writeFileSync(join(top, '.gitattributes'), '* filter=evil\n');
    const run = `sh -c 'touch "${ran}"; cat'`;
    await inner.run(['config', 'filter.evil.clean', run]);
    await inner.run(['config', 'core.fsmonitor', run]);
    return { ran };
  }

  it.each([
    ['untracked', 'inner', async () => undefined],
    ['deeper than the first', 'inner', async (state: Stage) => void (await plant(state, 'inner/deeper'))],
    ['added as a pointer', 'inner', async ({ git }: Stage) => void (await git.run(['add', 'inner']))],
    ['around tracked files', 'd', async () => undefined],
  ])('%s: files, commits and the rest come back, and nothing of theirs is run', async (_, path, more) => {
    const state = await stage();
    const { ran } = await plant(state, path);
    await more(state);
    rmSync(ran, { force: true });
    const head = readFileSync(join(state.place.workTree, path, '.git/logs/HEAD'), 'utf8');
    const { entry } = await snapshot(state);
    expect(existsSync(ran)).toBe(false);
    const directory = join(state.repository.folder, 'back');
    await restoreWorktree(state.repository.git, entry, directory);
    expect(existsSync(ran)).toBe(false);
    const hidden = (name: string) => name === '.git';
    expect(filesOf(directory, hidden)).toEqual(filesOf(state.place.workTree, hidden));
    expect(readFileSync(join(directory, path, '.git/logs/HEAD'), 'utf8')).toBe(head);
    const inner = new Git({ cwd: join(directory, path), env: testEnvironment });
    expect(await inner.text(['show', 'HEAD:committed'])).toBe('c');
    expect(await inner.text(['fsck'])).toBe('');
  });

  it('one in the place of the own `.git`: files by the record, its commits beside', async () => {
    const state = await stage();
    state.write({ a: 'edited\n' });
    rmSync(join(state.place.workTree, '.git'));
    const { ran } = await plant(state, '.');
    rmSync(ran, { force: true });
    const { directory, inner } = await restored(state);
    expect(existsSync(ran)).toBe(false);
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('edited\n');
    expect(inner).toEqual([{ path: '', gitDir: `${directory}.git` }]);
    const log = await state.repository.git.text([`--git-dir=${directory}.git`, 'log', '--format=%s']);
    expect(log).toBe('inner');
  });

  it('submodules: a commit that is nowhere else', async () => {
    const source = await repositoryWith({ s: 's\n' });
    const state = await stage();
    const allow = ['-c', 'protocol.file.allow=always'];
    await state.git.run([...allow, 'submodule', '--quiet', 'add', source.path, 'lib']);
    await state.git.run(['commit', '--quiet', '-m', 'submodule']);
    const lib = state.git.at(join(state.place.workTree, 'lib'));
    writeFileSync(join(state.place.workTree, 'lib/s'), 'new\n');
    await lib.run(['commit', '--quiet', '-a', '-m', 'only here']);
    const commit = await lib.text(['rev-parse', 'HEAD']);
    writeFileSync(join(state.place.workTree, 'lib/s'), 'newer\n');
    const { directory } = await restored(state);
    expect(readFileSync(join(directory, 'lib/s'), 'utf8')).toBe('newer\n');
    const objects = state.repository.git.at(state.repository.folder);
    expect(await objects.text([`--git-dir=${directory}/lib/.git`, 'show', `${commit}:s`])).toBe('new');
  });

  it('submodules whose files were taken away: their git directory', async () => {
    const source = await repositoryWith({ s: 's\n' });
    const state = await stage();
    const allow = ['-c', 'protocol.file.allow=always'];
    await state.git.run([...allow, 'submodule', '--quiet', 'add', source.path, 'deep/lib']);
    const lib = state.git.at(join(state.place.workTree, 'deep/lib'));
    await lib.run(['commit', '--quiet', '--allow-empty', '-m', 'only here']);
    const commit = await lib.text(['rev-parse', 'HEAD']);
    rmSync(join(state.place.workTree, 'deep'), { recursive: true });
    const { git } = await restored(state);
    const gitDir = join(await git.text(['rev-parse', '--absolute-git-dir']), 'modules/deep/lib');
    expect(await git.text([`--git-dir=${gitDir}`, '--work-tree=/', 'log', '-1', '--format=%H'])).toBe(commit);
  });
});

describe('a worktree that is not whole', () => {
  it('without its `.git` file, and without its registration: from the files', async () => {
    for (const gitDir of [true, false]) {
      const state = await stage();
      state.write({ a: 'edited\n', u: 'u\n' });
      rmSync(join(state.place.workTree, '.git'));
      const head = await state.repository.git.text(['rev-parse', 'task']);
      const place = { ...state.place, ...(gitDir ? {} : { gitDir: null, fallbackHead: head }) };
      const captured = await capture(place);
      expect(captured.head).toBe(head);
      expect(await state.repository.git.text(['show', `${captured.tree}:a`])).toBe('edited');
      expect(await state.repository.git.text(['show', `${captured.tree}:u`])).toBe('u');
    }
  });

  it('without its directory: what was staged and committed', async () => {
    const state = await stage();
    state.write({ a: 'staged\n' });
    await state.git.run(['add', 'a']);
    rmSync(state.place.workTree, { recursive: true });
    const captured = await capture({ ...state.place, workTree: null });
    expect(await state.repository.git.text(['show', `${captured.tree}:a`])).toBe('staged');
  });

  it('says so when something can not be read or written', async () => {
    const state = await stage();
    state.write({ u: 'u\n' });
    const gitPath = join(state.repository.folder, 'git');
    writeFileSync(gitPath, '#!/bin/sh\ncase " $* " in *" write-tree "*) exit 128;; esac\nexec git "$@"\n', {
      mode: 0o755,
    });
    const git = new Git({ cwd: state.repository.path, env: testEnvironment, gitPath });
    await expect(capture({ ...state.place, git })).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });
});

describe('a snapshot that an agent has made up', () => {
  /** What beside the state itself, by path: git itself takes any name into a tree. */
  async function forged(state: Stage, path: readonly string[]) {
    const { repository } = state;
    const { git } = repository;
    let id = await git.text(['hash-object', '-w', '--stdin'], { input: 'planted\n' });
    let entry = `100644 blob ${id}`;
    for (const name of path.toReversed()) {
      id = await git.text(['mktree'], { input: `${entry}\t${name}\n` });
      entry = `040000 tree ${id}`;
    }
    const captured = await capture(state.place);
    const commit = await writeSnapshot(git, { ...captured, extra: id }, note);
    await git.run(['update-ref', 'refs/pwt/r/snapshots/1/1', commit]);
    const [snapshot] = await listSnapshots(git);
    if (snapshot === undefined) throw new Error('not listed');
    return snapshot;
  }

  it.each([
    ['modules', '..', '..', '..', 'hooks', 'planted'],
    ['operation', '..', '..', '..', 'hooks', 'planted'],
    ['inner', '0', 'git', '..', '..', 'planted'],
  ])('leads out of nothing: %s/%s/%s/…', async (...path) => {
    const state = await stage();
    const snapshot = await forged(state, path);
    const directory = join(state.repository.folder, 'back');
    await expect(restoreWorktree(state.repository.git, snapshot, directory)).rejects.toThrow(
      'not made by pwt',
    );
    expect(existsSync(directory)).toBe(false);
    expect(existsSync(join(state.place.commonDir, 'hooks/planted'))).toBe(false);
  });

  it('brings no configuration into the git directory of a worktree', async () => {
    const state = await stage();
    const snapshot = await forged(state, ['operation', 'config.worktree']);
    await restoreWorktree(state.repository.git, snapshot, join(state.repository.folder, 'back'));
    expect(existsSync(join(state.place.commonDir, 'worktrees/back/config.worktree'))).toBe(false);
  });
});

describe('what is known of snapshots', () => {
  it('is the same state, or not', async () => {
    const state = await stage();
    const { repository, place, write } = state;
    write({ u: 'u\n' });
    const { commit, captured } = await snapshot(state);
    expect(await isClean(repository.git, captured)).toBe(false);
    expect(await isSameState(repository.git, commit, await capture(place))).toBe(true);
    await state.git.run(['add', 'u']);
    expect(await isSameState(repository.git, commit, await capture(place))).toBe(false);
    await state.git.run(['commit', '--quiet', '-m', 'x']);
    const clean = await capture(place);
    expect(await isClean(repository.git, clean)).toBe(true);
    expect(await isSameState(repository.git, commit, clean)).toBe(false);
  });

  it('is that a target contains it: the commits by id, the files as one of its trees', async () => {
    const state = await stage();
    const { repository, git, write } = state;
    write({ u: 'u\n' });
    const { commit } = await snapshot(state);
    const main = () => repository.git.text(['rev-parse', 'main']);
    expect(await new Containment(repository.git, await main()).holds(commit)).toBe(false);
    await git.run(['add', '--all']);
    await git.run(['commit', '--quiet', '-m', 'the same']);
    expect(await new Containment(repository.git, await main()).holds(commit)).toBe(false);
    await repository.git.run(['merge', '--quiet', '--no-ff', '-m', 'm', 'task']);
    expect(await new Containment(repository.git, await main()).holds(commit)).toBe(true);
    write({ u: 'more\n' });
    const second = await snapshot(state, 2);
    expect(await new Containment(repository.git, await main()).holds(second.commit)).toBe(false);
  });

  it('is a branch of one, that overwrites none', async () => {
    const state = await stage();
    state.write({ u: 'u\n' });
    const { entry } = await snapshot(state);
    const { git } = state.repository;
    expect(await restoreBranch(git, entry, 'again')).toMatchObject({ status: 'made' });
    expect(await git.text(['show', 'again:u'])).toBe('u');
    expect(await restoreBranch(git, entry, 'again')).toEqual({ status: 'exists' });
    expect(entry).toMatchObject({ runId: 'r', taskId: '1', number: 1, reason: 'failed', branch: 'task' });
  });
});
