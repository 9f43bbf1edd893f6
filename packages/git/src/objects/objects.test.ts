import { describe, expect, it } from 'vitest';
import { emptyRepository, repositoryWith, testEnvironment } from '../../test/repository.js';
import { commitTree } from '../commit.js';
import { changedFilesOfEach } from '../diff.js';
import { Git } from '../git.js';
import { mergeBases } from '../history.js';
import { requireTree } from '../tree.js';
import { attributeFilesIn } from './attribute-files.js';
import { compareTrees } from './compare-trees.js';
import { findMergeBases } from './near-merge-base.js';
import { objectsOf } from './object-reader.js';
import { Session } from './session.js';
import { swapRef } from './swap-ref.js';
import { takeLine } from './take-line.js';
import { writeCommit } from './write-commit.js';

/** Numbers below `limit`, the same for the same seed (mulberry32). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const MODES = ['100644', '100755', '120000', '160000'];
/** Names that are a file in one commit and a folder in another, and names that git sorts in its own way. */
const PATHS = ['a', 'a/b', 'a/c/d', 'a.b', 'a-b', 'é/x', 'z/.gitattributes', '.gitattributes', 'z/y'];

/** A history with forks, merges, criss-crosses and several roots; made by one `git fast-import`. */
async function randomHistory(seed: number, count: number) {
  const next = numbers(seed);
  const { git } = await emptyRepository();
  const lines: string[] = [];
  for (let mark = 1; mark <= count; mark += 1) {
    const date = 1_700_000_000 + next(1000);
    lines.push(
      `commit refs/heads/c${mark}`,
      `mark :${mark}`,
      `committer A <a@b> ${date} +0000`,
      'data 1',
      'x',
    );
    const parents = new Set([
      next(12) === 0 ? 0 : mark - 1 - next(3),
      next(3) === 0 ? mark - 1 - next(6) : 0,
    ]);
    const [from, ...merged] = [...parents].filter((parent) => parent > 0);
    if (from !== undefined) lines.push(`from :${from}`);
    for (const parent of merged) lines.push(`merge :${parent}`);
    for (let change = next(4); change > 0; change -= 1) {
      const path = PATHS[next(PATHS.length)] ?? '';
      const mode = MODES[next(10) < 7 ? 0 : next(4)] ?? '';
      if (next(4) === 0) lines.push(`D ${path}`);
      else if (mode === '160000') lines.push(`M ${mode} ${'1'.repeat(40)} ${path}`);
      else lines.push(`M ${mode} inline ${path}`, 'data 1', String(next(4)));
    }
  }
  await git.run(['fast-import', '--quiet', '--force'], { input: `${lines.join('\n')}\n` });
  const ids = await git.lines(['for-each-ref', '--format=%(objectname)', 'refs/heads/']);
  return { git, ids, next };
}

describe('what is read out of objects is what git says', () => {
  it.each([1, 2, 3])('in the random history %i', async (seed) => {
    const { git, ids, next } = await randomHistory(seed, 60);
    const pick = () => ids[next(ids.length)] ?? '';
    const pairs = Array.from({ length: 80 }, () => ({ from: pick(), to: pick() }));
    const expected = await changedFilesOfEach(git, pairs, { renames: false });
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    for (const [index, { from, to }] of pairs.entries()) {
      const [before, after] = [await requireTree(git, from), await requireTree(git, to)];
      const found = await compareTrees(objectsOf(git), before, after);
      expect(found).toEqual([...(expected[index] ?? [])].sort(byPath));
    }
    for (const { from, to } of pairs.slice(0, 40)) {
      expect([...(await findMergeBases(git, from, to))].sort()).toEqual(
        (await mergeBases(git, from, to)).sort(),
      );
    }
    for (const id of ids.slice(0, 10)) {
      const files = await git.lines(['ls-tree', '-r', '--format=%(objectmode) %(path)', id]);
      const wanted = files
        .filter((line) => /^100\d+ (.*\/)?\.gitattributes$/.test(line))
        .map((line) => line.slice(7));
      const found = await attributeFilesIn(git, await requireTree(git, id));
      expect(found.map(({ path }) => path).sort()).toEqual(wanted.sort());
    }
  });

  it('finds the merge base that is far away on one of the ways', async () => {
    const { git } = await emptyRepository();
    const lines: string[] = [];
    const add = (mark: number, ...parents: number[]) => {
      lines.push(
        'commit refs/heads/onto',
        `mark :${mark}`,
        'committer A <a@b> 1700000000 +0000',
        'data 1',
        'x',
      );
      lines.push(...parents.map((parent, at) => `${at === 0 ? 'from' : 'merge'} :${parent}`));
    };
    add(1);
    add(2, 1);
    lines.push('reset refs/heads/task', 'from :2', '');
    for (let mark = 3; mark <= 90; mark += 1) add(mark, mark - 1);
    // One step from what the task started from, and 88 from the task itself.
    add(91, 1, 90);
    await git.run(['fast-import', '--quiet', '--force'], { input: `${lines.join('\n')}\n` });
    const [onto = '', task = ''] = await git.lines(['rev-parse', 'onto', 'task']);
    expect(await findMergeBases(git, onto, task)).toEqual([task]);
  });

  it('says what is not there, and reads what was written a moment ago', async () => {
    const { git } = await repositoryWith({ a: 'a\n' });
    const objects = objectsOf(git);
    expect(await objects.read('1'.repeat(40))).toBeNull();
    expect(await objects.read('HEAD')).toBeNull();
    const id = await git.text(['hash-object', '-w', '--stdin'], { input: 'new\n' });
    const [one, two] = await Promise.all([objects.read(id), objects.read(id)]);
    expect([one?.content.toString(), two?.type]).toEqual(['new\n', 'blob']);
  });
});

describe('a session', () => {
  it('answers what is asked at the same time in order, and starts again when its process has ended', async () => {
    const { git } = await repositoryWith({ a: 'a\n' });
    const session = new Session(git, ['cat-file', '--batch-check'], takeLine);
    const ids = Array.from({ length: 50 }, (_, number) => number.toString(16).padStart(40, '0'));
    const answers = await Promise.all(ids.map((id) => session.ask(`${id}\n`)));
    expect(answers).toEqual(ids.map((id) => `${id} missing`));
    const broken = new Session(git, ['cat-file', '--no-such-option'], takeLine);
    await expect(broken.ask('x\n')).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    await expect(broken.ask('x\n')).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });
});

describe('a commit', () => {
  const messages = ['subject\n', 'ünï — \u{1f600}\n\nbody\n', 'no newline', '', 'bytes \udce9 and\nmore\n'];
  const authors = [
    undefined,
    { name: ' Åsa <x> "Q". ', email: '<a@b>', date: '1600000000 -0330' },
    { name: 'Eve', email: 'eve@example.com', date: new Date(1_650_000_000_000) },
  ];

  it.each(messages)('is the one that git commit-tree makes: %j', async (message) => {
    const { git } = await repositoryWith({ a: 'a\n' });
    const [tree, head] = [await requireTree(git, 'HEAD'), await git.text(['rev-parse', 'HEAD'])];
    for (const author of authors) {
      const request = { tree, parents: [head], message, guessIdentity: false, ...(author && { author }) };
      expect(await writeCommit(git, request)).toBe(await commitTree(git, request));
    }
  });

  it('has the time at which it is made, unless that is fixed', async () => {
    const { git, path } = await repositoryWith({ a: 'a\n' });
    const tree = await requireTree(git, 'HEAD');
    const { GIT_COMMITTER_DATE: _c, GIT_AUTHOR_DATE: _a, ...env } = testEnvironment;
    const before = Math.floor(Date.now() / 1000);
    const commit = await writeCommit(new Git({ cwd: path, env }), {
      ...{ tree, parents: [], message: 'now\n', guessIdentity: false },
    });
    const [author, committer] = (await git.text(['log', '-1', '--format=%at %ct', commit]))
      .split(' ')
      .map(Number);
    expect(author).toBeGreaterThanOrEqual(before);
    expect(committer).toBe(author);
  });
});

describe('a ref', () => {
  it('moves from where it is expected only, again after a refusal, and is the same for git', async () => {
    const { git } = await repositoryWith({ a: 'a\n' });
    const head = await git.text(['rev-parse', 'HEAD']);
    const other = await git.text(['commit-tree', '-p', head, '-m', 'x', `${head}^{tree}`]);
    const ref = 'refs/pwt/r/one';
    const read = () => git.text(['rev-parse', ref]);
    expect(await swapRef(git, { ref, newValue: head, oldValue: null })).toEqual({ status: 'updated' });
    expect(await swapRef(git, { ref, newValue: other, oldValue: head })).toEqual({ status: 'updated' });
    expect(await read()).toBe(other);
    const late = { status: 'moved', actual: other };
    expect(await swapRef(git, { ref, newValue: head, oldValue: head })).toEqual(late);
    expect(await swapRef(git, { ref, newValue: head, oldValue: null })).toEqual(late);
    // Others pack it, and move it, behind the process.
    await git.run(['pack-refs', '--all']);
    await git.run(['update-ref', ref, head]);
    expect(await swapRef(git, { ref, newValue: other, oldValue: head })).toEqual({ status: 'updated' });
    expect(await read()).toBe(other);
    const missing = { ref, newValue: '1'.repeat(40), oldValue: other };
    await expect(swapRef(git, missing)).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    const bad = { ref: 'refs/pwt/a b', newValue: head, oldValue: null };
    await expect(swapRef(git, bad)).rejects.toMatchObject({ code: 'PWT_BAD_REF_NAME' });
  });
});
