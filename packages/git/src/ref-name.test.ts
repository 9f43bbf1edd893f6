import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, testEnvironment } from '../test/repository.js';
import { Git } from './git.js';
import { isValidBranchName, isValidRefName } from './ref-name.js';

/** Pieces that the rules are about, alone and in company. */
const piece = fc.constantFrom(
  ...['a', 'refs', 'x.y', '.', '..', '.lock', 'lock', '@', '{', '@{', '/', '//', '-', 'é', '😀', 'HEAD'],
  ...[' ', '~', '^', ':', '?', '*', '[', ']', '\\', '\x01', '\x1f', '\x7f', '\x80', '\n', '\t', '!', '}'],
);
const name = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));

describe('isValidRefName', () => {
  it('says what git check-ref-format says', async () => {
    const git = new Git({ cwd: temporaryFolder(), env: testEnvironment });
    const names = fc.sample(
      fc.oneof(
        name,
        name.map((rest) => `refs/heads/${rest}`),
        fc.string(),
      ),
      {
        numRuns: 250,
        seed: 7,
      },
    );
    const wrong: string[] = [];
    for (const ref of names.filter((candidate) => !candidate.includes('\0'))) {
      const { exitCode } = await git.run(['check-ref-format', ref], { okExitCodes: [0, 1, 129] });
      if ((exitCode === 0) !== isValidRefName(ref)) wrong.push(ref);
    }
    expect(wrong).toEqual([]);
  });

  it('takes no NUL', () => {
    expect(isValidRefName('refs/heads/a\0b')).toBe(false);
  });
});

describe('branches', () => {
  it('have names by the rules of git', () => {
    for (const good of ['feature/us-020', 'ünï', "it's", '@x']) {
      expect(isValidBranchName(good), good).toBe(true);
    }
    for (const bad of [
      '-x',
      'HEAD',
      'a..b',
      'a b',
      'x.lock',
      '',
      'a\0b',
      'a\nb',
      '/a',
      'a//b',
      '.a',
      'a@{b',
    ]) {
      expect(isValidBranchName(bad), bad).toBe(false);
    }
    expect(isValidRefName('refs/pwt/x')).toBe(true);
  });
});
