import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyRepository, type Files, repositoryWith, testEnvironment } from '../test/repository.js';
import { commitTree } from './commit.js';
import { Git } from './git.js';
import { isAncestor, mergeBases } from './history.js';
import { mergeTree } from './merge-tree.js';
import { readStatus } from './status.js';
import { listPaths } from './tree.js';

/** Two branches that start at one commit. */
async function fork(base: Files, ours: Files, theirs: Files) {
  const repository = await repositoryWith(base);
  const start = await repository.git.text(['rev-parse', 'HEAD']);
  return {
    ...{ repository, git: repository.git, start },
    ours: await repository.branch('ours', start, ours),
    theirs: await repository.branch('theirs', start, theirs),
  };
}

describe('mergeTree', () => {
  it('merges in memory, and touches neither refs nor worktree', async () => {
    const { git, ours, theirs } = await fork({ a: '1' }, { b: '2' }, { 'c\nd': '3' });
    const refs = await git.text(['for-each-ref']);
    const outcome = await mergeTree(git, { ours, theirs });
    expect(outcome.status).toBe('clean');
    expect(await listPaths(git, outcome.tree)).toEqual(['a', 'b', 'c\nd']);
    expect(await git.text(['for-each-ref'])).toBe(refs);
    expect(await readStatus(git)).toEqual([]);
  });

  it('names the paths, stages and kinds of a conflict', async () => {
    const odd = '-odd "ü"\nname';
    const { git, ours, theirs } = await fork(
      { [odd]: '1', b: '1', c: '1' },
      { [odd]: '2', b: null },
      { [odd]: '3', b: '2', c: '2' },
    );
    const outcome = await mergeTree(git, { ours, theirs });
    expect(outcome).toMatchObject({
      status: 'conflicted',
      paths: [odd, 'b'],
      notes: [
        { type: 'CONFLICT (contents)', paths: [odd] },
        { type: 'CONFLICT (modify/delete)', paths: ['b'] },
      ],
    });
    expect(outcome.status === 'conflicted' && outcome.stages.map(({ path, stage }) => [path, stage])).toEqual(
      [
        [odd, 1],
        [odd, 2],
        [odd, 3],
        ['b', 1],
        ['b', 3],
      ],
    );
  });

  it('calls a directory rename against a new file a conflict, and names the file', async () => {
    const text = 'line\n'.repeat(20);
    const { git, ours, theirs } = await fork(
      { 'src/a': text, 'src/b': `${text}b` },
      { 'src/a': null, 'src/b': null, 'lib/a': text, 'lib/b': `${text}b` },
      { 'src/new': 'new' },
    );
    const outcome = await mergeTree(git, { ours, theirs });
    expect(outcome).toMatchObject({ status: 'conflicted', paths: expect.arrayContaining(['lib/new']) });
  });

  it('calls a conflict what has no file in conflict', async () => {
    const text = 'line\n'.repeat(20);
    const { git, ours, theirs } = await fork(
      { 'src/a': `${text}a`, 'src/b': `${text}b` },
      { 'src/a': null, 'src/b': null, 'one/a': `${text}a`, 'two/b': `${text}b` },
      { 'src/new': 'new' },
    );
    expect(await mergeTree(git, { ours, theirs })).toMatchObject({
      ...{ status: 'conflicted', paths: ['src'], stages: [] },
      notes: [{ type: expect.stringContaining('directory rename'), paths: ['src'] }],
    });
  });

  it('makes the same tree whatever is configured: user, repository, attributes, environment', async () => {
    const text = (mark: string) => `${'line\n'.repeat(20)}${mark}\n`;
    const { repository, git, start, ours, theirs } = await fork(
      { 'log.md': 'a\n', old: text('a'), 'src/a': text('b'), 'src/b': text('c'), data: 'x\n' },
      { 'log.md': 'a\nours\n', old: null, new: text('a'), 'src/a': text('B') },
      { 'log.md': 'a\ntheirs\n', old: text('a').replace('line', 'LINE'), data: 'X\n' },
    );
    const clean = {
      ours: await repository.branch('clean-ours', start, { old: null, new: text('a'), data: 'y\n' }),
      theirs: await repository.branch('clean-theirs', start, { old: text('a').replace('line', 'LINE') }),
    };
    const plain = [await mergeTree(git, { ours, theirs }), await mergeTree(git, clean)];
    expect(plain.map(({ status }) => status)).toEqual(['conflicted', 'clean']);
    const user = join(repository.path, 'attributes');
    repository.write({ attributes: '* merge=union\n', '.gitattributes': '* merge=union\n' });
    mkdirSync(join(repository.path, '.git/info'), { recursive: true });
    writeFileSync(join(repository.path, '.git/info/attributes'), '* merge=union\n');
    const hostile: readonly (readonly [key: string, value: string])[] = [
      ['merge.renames', 'false'],
      ['merge.renameLimit', '1'],
      ['diff.renames', 'false'],
      ['diff.renameLimit', '1'],
      ['merge.directoryRenames', 'false'],
      ['merge.conflictStyle', 'zdiff3'],
      ['diff.algorithm', 'minimal'],
      ['merge.default', 'union'],
      ['merge.renormalize', 'true'],
      ['core.attributesFile', user],
      ['core.autocrlf', 'true'],
      ['core.eol', 'crlf'],
      ['core.ignoreCase', 'true'],
      ['core.bigFileThreshold', '1'],
      ['attr.tree', ours],
      ['merge.verbosity', '5'],
      ['diff.noprefix', 'true'],
      ['core.quotePath', 'true'],
    ];
    const env = { ...testEnvironment, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', GIT_ATTR_SOURCE: theirs };
    for (const [key, value] of hostile) {
      await git.run(['config', key, value]);
      const other = new Git({ cwd: repository.path, env });
      expect([key, await mergeTree(other, { ours, theirs }), await mergeTree(other, clean)]).toEqual([
        key,
        ...plain,
      ]);
    }
  });

  it('takes attributes from our side, and never from the checkout or the user', async () => {
    const base = { 'sub dir/.gitattributes': '*.md merge=union\n', 'sub dir/log.md': 'a\n', log: 'a\n' };
    const { repository, git, ours, theirs } = await fork(
      base,
      { 'sub dir/log.md': 'a\nours\n', log: 'a\nours\n' },
      { 'sub dir/log.md': 'a\ntheirs\n', log: 'a\ntheirs\n' },
    );
    const plain = await mergeTree(git, { ours, theirs });
    expect(plain).toMatchObject({ status: 'conflicted', paths: ['log'] });
    repository.write({
      '.gitattributes': 'log merge=union\n',
      'sub dir/.gitattributes': null,
      user: 'log merge=union\n',
    });
    await git.run(['config', 'core.attributesFile', join(repository.path, 'user')]);
    expect(await mergeTree(git, { ours, theirs })).toEqual(plain);
  });

  it('merges on a base of the caller’s choice, a commit or a tree', async () => {
    const { repository, git, start, ours, theirs } = await fork({ a: '1' }, { a: '2' }, { a: '3' });
    expect((await mergeTree(git, { ours, theirs })).status).toBe('conflicted');
    for (const base of [theirs, `${theirs}^{tree}`]) {
      const outcome = await mergeTree(git, { ours, theirs, base });
      expect(outcome).toEqual({ status: 'clean', tree: await git.text(['rev-parse', `${ours}^{tree}`]) });
    }
    expect(await repository.git.text(['rev-parse', 'main'])).toBe(start);
  });

  it('refuses unrelated histories unless asked, and what is no commit', async () => {
    const { git, ours } = await fork({ a: '1' }, { b: '2' }, { c: '3' });
    const tree = await git.text(['rev-parse', 'theirs^{tree}']);
    const theirs = await commitTree(git, { tree, parents: [], message: 'root' });
    const failed = { code: 'PWT_GIT_FAILED' };
    await expect(mergeTree(git, { ours, theirs })).rejects.toMatchObject(failed);
    expect(await mergeTree(git, { ours, theirs, allowUnrelatedHistories: true })).toMatchObject({
      status: 'clean',
    });
    await expect(mergeTree(git, { ours, theirs: '--stdin' })).rejects.toMatchObject(failed);
  });

  it('needs git 2.38', async () => {
    const { git, path } = await emptyRepository();
    const old = new Git({ cwd: path, env: testEnvironment, gitPath: join(path, 'git') });
    writeFileSync(join(path, 'git'), '#!/bin/sh\necho git version 2.37.9\n');
    chmodSync(join(path, 'git'), 0o755);
    await expect(mergeTree(old, { ours: 'a', theirs: 'b' })).rejects.toMatchObject({
      code: 'PWT_GIT_TOO_OLD',
    });
    expect((await git.features()).mergeTreeWriteTree).toBe(true);
  });
});

describe('history', () => {
  it('knows ancestors, and all merge bases of a criss-cross', async () => {
    const { git, start, ours, theirs } = await fork({ a: '1' }, { b: '2' }, { c: '3' });
    expect(await mergeBases(git, ours, theirs)).toEqual([start]);
    const tree = await git.text(['rev-parse', `${ours}^{tree}`]);
    const cross = (parents: string[]) => commitTree(git, { tree, parents, message: 'cross' });
    const bases = await mergeBases(git, await cross([ours, theirs]), await cross([theirs, ours]));
    expect(bases.sort()).toEqual([ours, theirs].sort());
    expect(await mergeBases(git, ours, await cross([]))).toEqual([]);
    expect(await isAncestor(git, { ancestor: start, descendant: ours })).toBe(true);
    expect(await isAncestor(git, { ancestor: ours, descendant: ours })).toBe(true);
    expect(await isAncestor(git, { ancestor: ours, descendant: theirs })).toBe(false);
    const missing = isAncestor(git, { ancestor: 'a'.repeat(40), descendant: ours });
    await expect(missing).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
  });
});
