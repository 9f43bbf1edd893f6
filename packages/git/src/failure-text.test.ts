import { describe, expect, it } from 'vitest';
import { gitFailure } from './failure.js';
import { gitsWords } from './failure-text.js';

const failed = (stderr: string, args: readonly string[] = ['add', '--all']) =>
  gitFailure({ args, cwd: '/a b', exitCode: 1, stderr });

describe("git's words", () => {
  it('are whole, with the paths that belong to them and without advice', () => {
    const sparse = [
      'The following paths and/or pathspecs matched paths that exist',
      'outside of your sparse-checkout definition, so will not be',
      'updated in the index:',
      'big/new.txt',
      'hint: If you intend to update such entries, try one of the following:',
      'hint: * Use the --sparse option.',
    ].join('\n');
    expect(gitsWords(sparse)).toBe(
      'The following paths and/or pathspecs matched paths that exist outside of your sparse-checkout definition, so will not be updated in the index: big/new.txt.',
    );
    const overwritten =
      'warning: something\nerror: Your local changes to the following files would be overwritten by merge:\n\ta\n\tb\nPlease commit your changes or stash them before you merge.\nAborting\n';
    expect(gitsWords(overwritten)).toBe(
      'error: Your local changes to the following files would be overwritten by merge: a b Please commit your changes or stash them before you merge. Aborting.',
    );
    expect(gitsWords('warning: only this')).toBe('warning: only this.');
    expect(gitsWords(' \n')).toBe('it said nothing.');
    const long = gitsWords(`fatal: ${'word '.repeat(400)}`);
    expect(long).toMatch(/ word …$/);
    expect(long.length).toBeLessThan(610);
  });

  it.each([
    ['fatal: unable to write new index file: No space left on device', 'The disk is full.', 'pwt resume'],
    ["fatal: Unable to create '/r/.git/index.lock': File exists.", 'holds a lock', 'pwt doctor'],
    ['error: could not lock config file .git/config: Permission denied', 'holds a lock', 'pwt doctor'],
    ['error: insufficient permission for adding an object to repository database', 'may not be', "'/a b'"],
    ['error: unable to create file x: File name too long', 'longer than', '--worktree'],
    ["fatal: x: clean filter 'lfs' failed", 'filter', "config --get-regexp '^filter[.]'"],
    ['fatal: could not fetch 1234 from promisor remote', 'could not be fetched', 'fetch'],
    ['error: inflate: data stream error\nfatal: loose object 12 is corrupt', 'damaged', 'fsck'],
    [
      "error: 'n/' does not have a commit checked out\nfatal: adding files failed",
      'without a commit',
      'Move it',
    ],
  ])('%j is explained, and comes with a next command', (stderr, means, next) => {
    const error = failed(stderr);
    expect(error).toMatchObject({ code: 'PWT_GIT_FAILED', message: expect.stringContaining(means) });
    expect(error.message).toMatch(/[.]$/);
    expect(error.hint).toContain(next);
  });

  it('of any other kind come with the command itself, quoted, unless it needs input', () => {
    expect(failed('fatal: odd', ['show', "it's"]).hint).toBe(
      `To see what is wrong: git -C '/a b' show 'it'\\''s'; pwt doctor`,
    );
    expect(failed('fatal: odd', ['update-ref', '--stdin']).hint).toBe('To see what is wrong: pwt doctor');
  });
});
