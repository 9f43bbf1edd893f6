import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, expectUntouched, landingOf } from '../test/landing.js';
import { repositoryWith, type TestRepository, testEnvironment } from '../test/repository.js';
import { GitMerger } from './git-merger.js';

/** `main` at `from`, and a merge `to` that edits `edit`, adds `new/file`, deletes `gone` and modifies `keep`. */
function ready() {
  return landingOf(
    { edit: '1\n', gone: 'g\n', other: 'o\n', '.gitignore': '*.env\nbuild/\n' },
    { edit: '2\n', gone: null, 'new/file': 'n\n', 'secret.env': 'theirs\n' },
  );
}

describe('landing on the branch that is checked out', () => {
  it('moves ref, index and files', async () => {
    const landing = await ready();
    await expectLanded(landing);
    expect(await landing.repository.git.text(['status', '--porcelain'])).toBe('');
    expect(existsSync(join(landing.repository.path, 'gone'))).toBe(false);
    expect(await landing.repository.land(landing.from, landing.to)).toEqual({ status: 'landed' });
  });

  it('leaves modified, staged, untracked, ignored files, stash and configuration as they are', async () => {
    const landing = await ready();
    const { repository } = landing;
    repository.write({ other: 'stashed\n' });
    await repository.git.run(['stash', 'push', '--quiet']);
    repository.write({ other: 'staged\n', untracked: 'u\n', 'build/out': 'b\n', 'my.env': 'mine\n' });
    await repository.git.run(['add', 'other']);
    repository.write({ other: 'and edited\n', staged: 'new\n' });
    await repository.git.run(['add', 'staged']);
    chmodSync(join(repository.path, 'untracked'), 0o600);
    await expectLanded(landing);
  });

  const dirty: Record<string, (repository: TestRepository) => Promise<unknown>> = {
    'an edit': async (repository) => repository.write({ edit: 'mine\n' }),
    'a staged edit': async (repository) => {
      repository.write({ edit: 'mine\n' });
      await repository.git.run(['add', 'edit']);
    },
    'an edit that is staged and taken back in the file': async (repository) => {
      repository.write({ edit: 'mine\n' });
      await repository.git.run(['add', 'edit']);
      repository.write({ edit: '1\n' });
    },
    'a deletion': async (repository) => repository.write({ edit: null }),
    'a link in its place': async (repository) => repository.write({ edit: { link: 'other' } }),
    'an edit hidden by assume-unchanged': async (repository) => {
      await repository.git.run(['update-index', '--assume-unchanged', 'edit']);
      repository.write({ edit: 'mine\n' });
    },
    'an edit hidden by skip-worktree': async (repository) => {
      await repository.git.run(['update-index', '--skip-worktree', 'edit']);
      repository.write({ edit: 'mine\n' });
    },
    'a file removed from the index only': async (repository) => {
      await repository.git.run(['rm', '--quiet', '--cached', 'edit']);
    },
  };
  for (const [name, make] of Object.entries(dirty)) {
    it(`refuses to touch ${name}`, async () => {
      const landing = await ready();
      await make(landing.repository);
      await expectRefused(landing, { reason: 'dirty', paths: ['edit'] });
    });
  }

  it('refuses to delete an edited file', async () => {
    const landing = await ready();
    landing.repository.write({ gone: 'mine\n' });
    await expectRefused(landing, { reason: 'dirty', paths: ['gone'] });
  });

  const blocking: Record<string, [files: object, reason: string, paths: string[]]> = {
    'an untracked file on the path': [{ 'new/file': 'mine\n' }, 'untracked', ['new/file']],
    'an untracked file where a folder must be': [{ new: 'mine\n' }, 'untracked', ['new']],
    'a link where a folder must be': [{ new: { link: '/nonexistent' } }, 'untracked', ['new']],
    'a file inside a folder where a file must be': [
      { 'new/file/deep': 'mine\n' },
      'untracked',
      ['new/file/deep'],
    ],
    'an ignored file on the path': [{ 'secret.env': 'mine\n' }, 'ignored', ['secret.env']],
    'an ignored file inside a folder on the path': [
      { 'new/file/x.env': 'mine\n' },
      'ignored',
      ['new/file/x.env'],
    ],
    both: [{ 'secret.env': 'mine\n', 'new/file': '' }, 'untracked', ['new/file', 'secret.env']],
  };
  for (const [name, [files, reason, paths]] of Object.entries(blocking)) {
    it(`refuses to overwrite ${name}`, async () => {
      const landing = await ready();
      landing.repository.write(files as never);
      await expectRefused(landing, { reason, paths });
    });
  }

  it('lands over an empty folder and beside a file in the same folder', async () => {
    const landing = await ready();
    landing.repository.write({ 'new/mine': 'mine\n' });
    mkdirSync(join(landing.repository.path, 'secret.env'));
    await expectLanded(landing);
    expect(existsSync(join(landing.repository.path, 'new/mine'))).toBe(true);
  });

  it('replaces a tracked file by a folder and a tracked folder by a file', async () => {
    const { repository, base: from } = await repositoryWith({
      a: 'file\n',
      'b/c': 'inside\n',
      '.gitignore': '*.env\n',
    });
    const commit = await repository.side(from, { a: null, 'b/c': null }, { 'a/deep': 'd\n', b: 'file\n' });
    const to = await repository.merged(from, commit);
    repository.write({ 'b/x.env': 'mine\n' });
    await expectRefused({ repository, from, to }, { reason: 'ignored', paths: ['b/x.env'] });
    repository.write({ 'b/x.env': null });
    await expectLanded({ repository, from, to });
  });

  it('runs no hooks, and ignores merge options of the branch', async () => {
    const landing = await ready();
    const { git, path } = landing.repository;
    for (const hook of ['post-merge', 'pre-merge-commit', 'post-checkout', 'reference-transaction']) {
      mkdirSync(join(path, '.git/hooks'), { recursive: true });
      writeFileSync(join(path, '.git/hooks', hook), `#!/bin/sh\ntouch '${path}/../ran'\nexit 1\n`, {
        mode: 0o755,
      });
    }
    await git.run(['config', 'branch.main.mergeOptions', '--squash --no-commit']);
    await git.run(['config', 'merge.ff', 'false']);
    await git.run(['config', 'merge.autoStash', 'true']);
    await git.run(['config', 'merge.verifySignatures', 'true']);
    await expectLanded(landing);
    expect(existsSync(join(path, '../ran'))).toBe(false);
  });
});

describe('what comes in the way between the check and the move', () => {
  it('is respected too: an ignored file, a commit', async () => {
    const racing: Record<string, object> = {
      'echo mine > secret.env': { status: 'refused', reason: 'ignored', paths: ['secret.env'] },
      'git commit --quiet --allow-empty -m mine': { status: 'moved' },
    };
    for (const [act, expected] of Object.entries(racing)) {
      const { repository, from, to } = await ready();
      const gitPath = join(repository.path, '../git');
      const race = `case " $* " in *" merge --ff-only "*) ${act} ;; esac`;
      writeFileSync(gitPath, `#!/bin/sh\n${race}\nexec git "$@"\n`, { mode: 0o755 });
      const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
      const merger = new GitMerger({ git, commonDir: repository.commonDir, lockWaitMs: 0 });
      expect(await repository.land(from, to, merger)).toMatchObject(expected);
      expect(await repository.show('HEAD', 'edit')).toBe('1\n');
      expect(await repository.git.text(['diff', '--name-only', 'HEAD'])).toBe('');
    }
  });
});

describe('a landing that was killed while git wrote the files', () => {
  it('is completed', async () => {
    const landing = await ready();
    const { repository } = landing;
    repository.write({ edit: '2\n', gone: null, 'new/file': 'n\n', 'my.env': 'mine\n' });
    await expectLanded(landing);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
    expect(existsSync(join(repository.path, 'my.env'))).toBe(true);
  });

  it('is refused where one of the files is not as the landing would have it', async () => {
    for (const files of [
      { edit: '2\n', 'new/file': 'mine\n' },
      { edit: 'mine\n', gone: null },
    ]) {
      const landing = await ready();
      landing.repository.write(files);
      await expectRefused(landing, { reason: 'dirty' });
    }
    const landing = await ready();
    landing.repository.write({ 'new/file': 'n\n' });
    chmodSync(join(landing.repository.path, 'new/file'), 0o755);
    await expectRefused(landing, { reason: 'untracked' });
  });

  it('is refused where the user has staged a third version', async () => {
    const landing = await ready();
    landing.repository.write({ edit: 'staged by the user\n' });
    await landing.repository.git.run(['add', 'edit']);
    landing.repository.write({ edit: '2\n' });
    await expectRefused(landing, { reason: 'dirty', paths: ['edit'] });
  });
});

describe('a working tree in the middle of something', () => {
  const operations: Record<string, (repository: TestRepository, from: string) => Promise<unknown>> = {
    merge: async ({ git }, from) => {
      const other = await git.text(['commit-tree', `${from}^{tree}`, '-p', from, '-m', 'x']);
      await git.run(['merge', '--no-commit', '--no-ff', other]);
    },
    'cherry-pick with its resolution staged': async (repository, from) => {
      const pick = await repository.side(from, { edit: 'x\n' }, { edit: 'conflict\n' });
      await repository.git.run(['cherry-pick', pick], { okExitCodes: [1] });
      repository.write({ edit: 'resolved\n' });
      await repository.git.run(['add', 'edit']);
    },
    revert: async (repository) => {
      await repository.git.run(['revert', '--no-commit', 'HEAD']);
      await repository.git.run(['reset', '--quiet', '--hard']);
      writeFileSync(
        join(repository.commonDir, 'REVERT_HEAD'),
        await repository.git.text(['rev-parse', 'HEAD']),
      );
    },
    rebase: async ({ git }) => {
      await git.run(['rebase', '--exec', 'false', '--root'], { okExitCodes: [0, 1] });
    },
    bisect: async (repository) => {
      await repository.git.run(['bisect', 'start']);
    },
  };
  for (const [name, make] of Object.entries(operations)) {
    it(`is refused: ${name}`, async () => {
      const landing = await ready();
      await make(landing.repository, landing.from);
      await expectRefused(landing, { reason: 'in-progress' });
    });
  }

  it('is refused with unresolved conflicts of a stash', async () => {
    const landing = await ready();
    const { repository, from } = landing;
    repository.write({ other: 'stashed\n' });
    await repository.git.run(['stash', '--quiet']);
    repository.write({ other: 'between\n' });
    await repository.git.run(['add', '.']);
    await repository.git.run(['stash', 'apply'], { okExitCodes: [0, 1] });
    const blob = await repository.git.text(['rev-parse', `${from}:other`]);
    await repository.git.run(['update-index', '--index-info'], {
      input: `0 ${'0'.repeat(40)}\tother\n100644 ${blob} 1\tother\n100644 ${blob} 2\tother\n`,
    });
    await expectRefused(landing, { reason: 'in-progress', paths: ['other'] });
  });
});

describe('locks', () => {
  for (const lock of ['index.lock', 'HEAD.lock', 'refs/heads/main.lock', 'packed-refs.lock']) {
    it(`are named and left alone: ${lock}`, async () => {
      const landing = await ready();
      const file = join(landing.repository.commonDir, lock);
      writeFileSync(file, '');
      await expectRefused(landing, { reason: 'locked', paths: [file] });
      expect(existsSync(file)).toBe(true);
      rmSync(file);
      await expectLanded(landing);
    });
  }

  it('of the configuration do not matter', async () => {
    const landing = await ready();
    writeFileSync(join(landing.repository.commonDir, 'config.lock'), '');
    await expectLanded(landing);
  });
});

describe('where the target is', () => {
  it('in no working tree: only the ref moves', async () => {
    const landing = await ready();
    const { repository, from } = landing;
    await repository.git.run(['checkout', '--quiet', '--detach', from]);
    repository.write({ edit: 'mine\n', 'secret.env': 'mine\n' });
    await expectLanded(landing, null);
    expect(await repository.git.text(['rev-parse', 'HEAD'])).toBe(from);
  });

  it('in a linked worktree: its files move, and what is dirty there is respected', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(repository.path, '../linked');
    await repository.git.run(['checkout', '--quiet', '--detach']);
    await repository.git.run(['worktree', 'add', '--quiet', linked, 'main']);
    repository.write({ 'secret.env': 'mine\n' }, linked);
    await expectRefused(landing, { reason: 'ignored', paths: ['secret.env'] });
    repository.write({ 'secret.env': null }, linked);
    await expectLanded(landing, linked);
    expect(await repository.git.at(linked).text(['status', '--porcelain'])).toBe('');
    expect(existsSync(join(linked, 'new/file'))).toBe(true);
  });

  it('in a linked worktree that rebases it', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(repository.path, '../linked');
    await repository.git.run(['checkout', '--quiet', '--detach']);
    await repository.git.run(['worktree', 'add', '--quiet', linked, 'main']);
    await repository.git.at(linked).run(['rebase', '--exec', 'false', '--root'], { okExitCodes: [0, 1] });
    await expectRefused(landing, { reason: 'in-progress', paths: [linked] });
  });

  it('in two working trees', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(repository.path, '../linked');
    await repository.git.run(['worktree', 'add', '--quiet', '--force', linked, 'main']);
    await expectRefused(landing, { reason: 'locked', paths: [repository.path, linked] });
    rmSync(linked, { recursive: true });
    await expectLanded(landing);
  });

  it('in a bare repository', async () => {
    const { repository, from, to } = await ready();
    const bare = join(repository.path, '../bare');
    await repository.git.run(['push', '--quiet', '.', `${to}:refs/heads/landing`]);
    await repository.git.run(['clone', '--quiet', '--bare', '.', bare]);
    const merger = new GitMerger({ git: repository.git.at(bare), commonDir: bare, lockWaitMs: 0 });
    expect(await repository.land(from, to, merger)).toEqual({ status: 'landed' });
    expect(await merger.tip('main')).toBe(to);
  });
});

describe('a target that has moved', () => {
  it('is a value, and nothing is touched', async () => {
    const { repository, from, to } = await ready();
    const tip = await repository.commit({ users: 'own\n' });
    const outcome = await expectUntouched(repository, () => repository.land(from, to));
    expect(outcome).toEqual({ status: 'moved', tip });
  });

  it('is a value where no checkout has it', async () => {
    const { repository, from, to } = await ready();
    await repository.git.run(['checkout', '--quiet', '-b', 'elsewhere']);
    const tip = await repository.side(from, { users: 'own\n' });
    await repository.git.run(['checkout', '--quiet', 'elsewhere']);
    await repository.git.run(['branch', '--force', 'main', tip]);
    expect(await repository.land(from, to)).toEqual({ status: 'moved', tip });
  });

  it('may be gone', async () => {
    const { repository, from, to } = await ready();
    await repository.git.run(['branch', '-m', 'main', 'trunk']);
    expect(await repository.land(from, to)).toEqual({ status: 'moved' });
  });

  it('has landed if it went on from there', async () => {
    const landing = await ready();
    await expectLanded(landing);
    await landing.repository.commit({ users: 'own\n' });
    expect(await landing.repository.land(landing.from, landing.to)).toEqual({ status: 'landed' });
  });

  it('is never moved back', async () => {
    const { repository, from } = await ready();
    const later = await repository.commit({ users: 'own\n' });
    await expect(repository.land(later, from)).rejects.toMatchObject({ code: 'PWT_NOT_A_FAST_FORWARD' });
    const beside = await repository.side(from, { x: 'x\n' });
    await expect(repository.land(later, beside)).rejects.toMatchObject({ code: 'PWT_NOT_A_FAST_FORWARD' });
    expect(await repository.merger.tip('main')).toBe(later);
  });
});

describe('a checkout that is not what it was', () => {
  it('is refused while core.bare says that it is none, with the command that puts it back', async () => {
    const landing = await ready();
    const { repository } = landing;
    await repository.git.run(['config', 'core.bare', 'true']);
    const outcome = await repository.land(landing.from, landing.to);
    expect(outcome).toMatchObject({ status: 'refused', reason: 'checkout' });
    expect(await repository.merger.tip('main')).toBe(landing.from);
    const command = outcome.status === 'refused' ? outcome.message.split(': git ')[1]?.split(' ') : [];
    await repository.git.run(command ?? []);
    await expectLanded(landing);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('is not believed to be at what landed if it is not', async () => {
    const landing = await ready();
    const { repository, from, to } = landing;
    const program = join(repository.path, '../git');
    // A git whose `merge` moves the branch and leaves the files.
    const script = `case " $* " in *" merge --ff-only"*) exec git update-ref refs/heads/main ${to};; esac\nexec git "$@"\n`;
    writeFileSync(program, `#!/bin/sh\n${script}`, { mode: 0o755 });
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath: program });
    const merger = new GitMerger({ git, commonDir: repository.commonDir, lockWaitMs: 0 });
    const outcome = await repository.land(from, to, merger);
    expect(outcome).toMatchObject({ status: 'landed', findings: [{ kind: 'index', severity: 'error' }] });
    const hint = outcome.status === 'landed' ? outcome.findings?.[0]?.hint : '';
    await repository.git.run(hint?.split(`git -C ${repository.path} `).at(-1)?.split(' ') ?? []);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });
});
