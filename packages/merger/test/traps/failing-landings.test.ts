import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { GitMerger } from '../../src/git-merger.js';
import { checkoutState, differences } from '../checkout-state.js';
import { expectLanded, type Landing, landingOf } from '../landing.js';
import { testEnvironment } from '../repository.js';

/** A merger whose git runs some words of shell before it merges in a checkout. */
function mergerWith({ repository }: Landing, words: string): GitMerger {
  const gitPath = join(dirname(repository.path), 'git');
  const script = `case " $* " in *" merge --ff-only "*) ${words} ;; esac\nexec git "$@"\n`;
  writeFileSync(gitPath, `#!/bin/sh\n${script}`, { mode: 0o755 });
  const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
  return new GitMerger({ git, commonDir: repository.commonDir, lockWaitMs: 0 });
}

/** The paths that are not what they were, those left aside that git writes anyway; times of files count no more. */
function changedContent(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const content = (state: ReadonlyMap<string, string>) =>
    new Map([...state].map(([path, line]) => [path, line.replace(/^(\w+ \d+) \d+ \d+ \d+ /, '$1 ')]));
  return differences(content(before), content(after)).filter(
    (path) => !/\.git\/(index|ORIG_HEAD)$/.test(path),
  );
}

const START = { a: '1\n', gone: 'g\n', run: 'r\n', z: 'z\n', other: 'o\n', '.gitignore': '*.env\n' };

describe('a landing that git can not finish', () => {
  it('on a disk that is full leaves the files as they were, and lands when there is room', async () => {
    const landing = await landingOf(START, {
      ...{ a: '2\n', gone: null, 'new/big': 'x'.repeat(300_000), z: 'Z\n', run: { link: 'a' } },
    });
    const { repository, from, to } = landing;
    repository.write({ other: 'mine\n', 'my.env': 'ignored\n', untracked: 'u\n' });
    const before = checkoutState(repository.path);
    // No file may become larger than this: as if there were no more room.
    const merger = mergerWith(landing, "trap '' XFSZ; ulimit -f 100");
    for (const _ of [1, 2]) {
      await expect(repository.land(from, to, merger)).rejects.toMatchObject({
        code: 'PWT_LAND_FAILED',
        data: { lost: [] },
      });
      expect(changedContent(before, checkoutState(repository.path))).toEqual([]);
      expect(await repository.git.text(['status', '--porcelain'])).toBe(' M other\n?? untracked');
    }
    await expectLanded(landing);
  });

  it('keeps what the user writes at that moment', async () => {
    const landing = await landingOf(START, { a: '2\n', 'new/big': 'x'.repeat(300_000), z: 'Z\n' });
    const { repository, from, to } = landing;
    const words = `trap '' XFSZ; (ulimit -f 100; git merge --ff-only --quiet ${to}); echo mine > z; exit 1`;
    const outcome = await repository.land(from, to, mergerWith(landing, words));
    expect(outcome).toMatchObject({ status: 'refused', reason: 'dirty', paths: ['z'] });
    expect(await repository.git.text(['status', '--porcelain'])).toBe(' M z');
    expect(readFileSync(join(repository.path, 'z'), 'utf8')).toBe('mine\n');
  });

  it('for a filter that is missing names what could not be written again', async () => {
    const landing = await landingOf(
      { ...START, 'a.bin': 'v1\n' },
      { 'a.bin': 'v2\n', '0': 'new\n', z: 'Z\n' },
    );
    const { repository, from, to } = landing;
    const { git, commonDir } = repository;
    const before = checkoutState(repository.path);
    writeFileSync(join(commonDir, 'info/attributes'), '*.bin filter=large\n');
    await git.run(['config', 'filter.large.clean', 'cat']);
    await git.run(['config', 'filter.large.smudge', 'no-such-program']);
    await git.run(['config', 'filter.large.required', 'true']);
    await expect(repository.land(from, to)).rejects.toMatchObject({
      code: 'PWT_LAND_FAILED',
      data: { lost: ['a.bin'] },
    });
    const changed = changedContent(before, checkoutState(repository.path));
    expect(changed.filter((path) => !path.startsWith('.git/'))).toEqual(['a.bin']);
    await git.run(['config', 'filter.large.smudge', 'cat']);
    await git.run(['restore', 'a.bin']);
    await expectLanded(landing);
  });
});
