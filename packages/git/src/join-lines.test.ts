import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Git } from './git.js';
import { joinLines } from './join-lines.js';

const folder = mkdtempSync(join(tmpdir(), 'pwt-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const git = new Git({ cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder } });
const made = git.run(['init', '--quiet']);

async function joined(base: string, ours: string, theirs: string): Promise<string | undefined> {
  await made;
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const texts = { base: bytes(base), ours: bytes(ours), theirs: bytes(theirs) };
  return (await joinLines(git, texts))?.toString('latin1');
}

describe('joinLines', () => {
  it.each([
    ['neighbouring lines', '1\n2\n3\n', 'a\n2\n3\n', '1\nb\n3\n', 'a\nb\n3\n'],
    ['every second line', '1\n2\n3\n4\n', 'a\n2\nc\n4\n', '1\nb\n3\nd\n', 'a\nb\nc\nd\n'],
    ['the same change on both sides', '1\n2\n', 'a\n2\n', 'a\nb\n', 'a\nb\n'],
    [
      'hunks apart, one with a new line',
      '1\n2\n3\n4\n5\n6\n',
      '0\n1\n2\n3\n4\n5\nf\n',
      '1\n2\n3\n4\ne\n6\n',
      '0\n1\n2\n3\n4\ne\nf\n',
    ],
    ['line ends of Windows', '1\r\n2\r\n', 'a\r\n2\r\n', '1\r\nb\r\n', 'a\r\nb\r\n'],
    ['no end of the last line', '1\n2', 'a\n2', '1\nb', 'a\nb'],
    ['an end of the last line that one side has added', '1\n2', 'a\n2\n', '1\nb', 'a\nb\n'],
    ['an end of the last line that one side has taken off', '1\n2\n', 'a\n2\n', '1\nb', 'a\nb'],
    ['bytes that are not UTF-8', '\xff\n2\n', '\xfe\n2\n', '\xff\n\xe4\n', '\xfe\n\xe4\n'],
    [
      'what looks like markers',
      '<<<<<<< ours\n=======\n',
      '<<<<<<<<<< a\n=======\n',
      '<<<<<<< ours\n>>>>>>>> b\n',
      '<<<<<<<<<< a\n>>>>>>>> b\n',
    ],
  ])('joins %s', async (_, base, ours, theirs, expected) => {
    expect(await joined(base, ours, theirs)).toBe(expected);
    expect(await joined(base, theirs, ours)).toBe(expected);
  });

  it.each([
    ['a line that both sides have changed', '1\n2\n', 'a\n2\n', 'b\n2\n'],
    ['new lines at one place', '1\n', '1\n2\n', '1\n3\n'],
    ['a changed line next to a new one', '1\n2\n', 'a\nnew\n2\n', '1\nb\n'],
    ['a changed line that the other side has taken out', '1\n2\n', 'a\n2\n', '2\n'],
    ['binary content', '1\x00\n2\n', 'a\x00\n2\n', '1\x00\nb\n'],
  ])('does not join %s', async (_, base, ours, theirs) => {
    expect(await joined(base, ours, theirs)).toBeUndefined();
    expect(await joined(base, theirs, ours)).toBeUndefined();
  });
});
