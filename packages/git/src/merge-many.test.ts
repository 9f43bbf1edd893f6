import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repositoryWith, testEnvironment } from '../test/repository.js';
import { Git } from './git.js';
import { mergeMany } from './merge-many.js';
import { mergeTree } from './merge-tree.js';
import { Quarantine } from './quarantine.js';

async function setUp() {
  const repository = await repositoryWith({ a: '1\n', b: '1\n', 'dir/c': '1\n' });
  const { git, path } = repository;
  const commonDir = join(path, '.git');
  const quarantine = await Quarantine.open(commonDir);
  onTestFinished(() => quarantine.close());
  const base = await git.text(['rev-parse', 'HEAD']);
  const branch = async (files: Readonly<Record<string, string>>) => {
    await git.run(['checkout', '-q', '--detach', base]);
    return repository.commit(files);
  };
  return { git, path, commonDir, quarantine, base, branch };
}

describe('mergeMany', () => {
  it('says of each pair what mergeTree says', async () => {
    const { git, quarantine, base, branch } = await setUp();
    const commits = [
      await branch({ a: '2\n' }),
      await branch({ a: '3\n', b: '3\n' }),
      await branch({ b: '4\n' }),
      await branch({ 'dir/c': '5\n', new: 'x\n' }),
      await branch({ new: 'y\n' }),
    ];
    const pairs = commits.flatMap((ours) => commits.map((theirs) => ({ ours, theirs })));
    const merged = await mergeMany(git, { pairs, attributesOf: base, quarantine });
    for (const [at, pair] of pairs.entries()) {
      const { tree: _tree, ...one } = await mergeTree(git, pair);
      expect(merged[at]).toEqual(one);
    }
    expect(merged.map(({ status }) => status)).toContain('conflicted');
  });

  it('goes on behind a pair that can not be merged at all', async () => {
    const { git, quarantine, base, branch } = await setUp();
    const [ours, theirs] = [await branch({ a: '2\n' }), await branch({ a: '3\n' })];
    const gone = 'f'.repeat(40);
    const tree = await git.text(['rev-parse', `${base}^{tree}`]);
    const pairs = [
      { ours, theirs: gone },
      { ours, theirs },
      { ours: tree, theirs },
      { ours, theirs: base },
      { ours: gone, theirs: gone },
    ];
    const merged = await mergeMany(git, { pairs, attributesOf: base, quarantine });
    expect(merged.map(({ status }) => status)).toEqual(['failed', 'conflicted', 'failed', 'clean', 'failed']);
  });

  it('takes a process for each pair where git has no --stdin, and says so of one that can not merge', async () => {
    const { git, quarantine, base, branch, path } = await setUp();
    const [ours, theirs] = [await branch({ a: '2\n' }), await branch({ a: '3\n' })];
    const pretending = (version: string) => {
      const program = join(path, '..', `git-${version}`);
      const script = `#!/bin/sh\ncase "$*" in *version) echo git version ${version} ;; *--stdin*) exit 129 ;; *) exec git "$@" ;; esac\n`;
      writeFileSync(program, script, { mode: 0o755 });
      return new Git({ cwd: path, env: testEnvironment, gitPath: program });
    };
    const request = {
      pairs: [
        { ours, theirs },
        { ours, theirs: 'f'.repeat(40) },
        { ours, theirs: base },
      ],
      attributesOf: base,
      quarantine,
    };
    const merged = await mergeMany(pretending('2.38.1'), request);
    expect(merged.map(({ status }) => status)).toEqual(['conflicted', 'failed', 'clean']);
    expect(await mergeMany(git, request)).toMatchObject([merged[0], { status: 'failed' }, merged[2]]);
    await expect(mergeMany(pretending('2.37.0'), request)).rejects.toMatchObject({ code: 'PWT_GIT_TOO_OLD' });
  });
});

describe('Quarantine', () => {
  it('has objects that git sees beside those of the repository, and that go with it', async () => {
    const { git, path, commonDir, quarantine, base } = await setUp();
    const id = await quarantine.write('blob', Buffer.from('new\n'), 40);
    expect(id).toBe(await git.text(['hash-object', '--stdin'], { input: 'new\n' }));
    quarantine.flush();
    const env = { GIT_OBJECT_DIRECTORY: quarantine.objects };
    expect(await git.text(['cat-file', '-p', id], { env })).toBe('new');
    expect(await git.text(['cat-file', '-t', base], { env })).toBe('commit');
    await expect(git.text(['cat-file', '-p', id])).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    await git.run(['fsck', '--strict'], { env });
    await quarantine.close();
    expect(existsSync(quarantine.objects)).toBe(false);
    expect(readdirSync(commonDir).filter((name) => name.startsWith('pwt-tmp'))).toEqual([]);
    expect(await git.text(['-C', path, 'count-objects', '-v'])).toContain('garbage: 0');
  });
});
