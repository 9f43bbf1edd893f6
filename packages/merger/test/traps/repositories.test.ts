import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git, isAtLeast } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { GitMerger } from '../../src/git-merger.js';
import { expectLanded, expectRefused, type Landing, landingOf } from '../landing.js';
import { TestRepository, temporaryFolder, testEnvironment } from '../repository.js';

const START = { 'in/a': '1\n', 'out/b': '1\n', '.gitignore': '*.env\n' };
const CHANGE = { 'in/a': '2\n', 'in/new': 'n\n', 'out/b': '2\n' };
const ready = () => landingOf(START, CHANGE);

async function expectClean({ repository }: Landing): Promise<void> {
  expect(await repository.git.text(['status', '--porcelain'])).toBe('');
}

/** A program that leaves a file beside the repository, and fails. */
function telltale({ repository }: Landing, path: string): string {
  const ran = join(dirname(repository.path), 'ran');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "$0 $GIT_DIR" >> '${ran}'\nexit 1\n`, { mode: 0o755 });
  return ran;
}

describe('programs that git would run around a landing', () => {
  it('hooks that the landed tree itself brings along do not run', async () => {
    const landing = await landingOf(START, { ...CHANGE, 'hooks/post-merge': '#!/bin/sh\ntouch ../ran\n' });
    const { repository } = landing;
    await repository.git.run(['config', 'core.hooksPath', 'hooks']);
    const ran = telltale(landing, join(repository.commonDir, 'hooks/post-merge'));
    await expectLanded(landing);
    expect(existsSync(ran)).toBe(false);
  });

  it('a monitor of the file system is not asked, though it would say that nothing has changed', async () => {
    const landing = await ready();
    const { repository } = landing;
    const ran = telltale(landing, join(dirname(repository.path), 'monitor'));
    await repository.git.run(['config', 'core.fsmonitor', join(dirname(repository.path), 'monitor')]);
    await repository.git.run(['config', 'core.untrackedCache', 'true']);
    repository.write({ 'in/a': 'mine\n' });
    await expectRefused(landing, { reason: 'dirty', paths: ['in/a'] });
    repository.write({ 'in/a': '1\n' });
    await expectLanded(landing);
    expect(existsSync(ran)).toBe(false);
  });

  it('where git runs is not where the environment of a hook or an alias points', async () => {
    const landing = await ready();
    const other = await ready();
    const { path, commonDir } = landing.repository;
    const elsewhere = join(other.repository.path, '.git');
    const leaked = {
      ...{ GIT_DIR: elsewhere, GIT_WORK_TREE: other.repository.path, GIT_PREFIX: 'in/' },
      ...{ GIT_INDEX_FILE: join(elsewhere, 'index'), GIT_OBJECT_DIRECTORY: join(elsewhere, 'objects') },
    };
    const git = new Git({ cwd: path, env: { ...testEnvironment, ...leaked } });
    await expectLanded(landing, path, new GitMerger({ git, commonDir, lockWaitMs: 0 }));
    expect(await other.repository.merger.tip('main')).toBe(other.from);
    await expectClean(other);
  });

  it('signatures that the user demands of merges stop none: the commit that lands is pwt’s own', async () => {
    const landing = await ready();
    for (const key of ['merge.verifySignatures', 'branch.main.rebase', 'pull.rebase'])
      await landing.repository.git.run(['config', key, 'true']);
    await expectLanded(landing);
  });
});

describe('ways in which git keeps an index', () => {
  const kinds: Record<string, (repository: TestRepository) => Promise<unknown>> = {
    'split in two': ({ git }) => git.run(['update-index', '--split-index']),
    'with a cache of untracked files': ({ git }) => git.run(['update-index', '--untracked-cache']),
    'with compressed paths': ({ git }) => git.run(['update-index', '--index-version=4']),
  };
  for (const [name, make] of Object.entries(kinds)) {
    it(`lands and refuses as ever: ${name}`, async () => {
      const landing = await ready();
      const { repository } = landing;
      await make(repository);
      repository.write({ 'in/new': 'mine\n' });
      await expectRefused(landing, { reason: 'untracked', paths: ['in/new'] });
      repository.write({ 'in/new': null, 'my.env': 'ignored\n' });
      expect(await repository.land(landing.from, landing.to)).toEqual({ status: 'landed' });
      await expectClean(landing);
    });
  }

  it('sparse, folders and all: what is left out stays out, an edit outside is seen', async () => {
    const landing = await ready();
    const { repository } = landing;
    await repository.git.run(['sparse-checkout', 'set', '--cone', '--sparse-index', 'in']);
    repository.write({ 'out/b': 'mine\n' });
    const outcome = await repository.land(landing.from, landing.to);
    expect(outcome).toMatchObject({ status: 'refused', paths: ['out/b'] });
    expect(readFileSync(join(repository.path, 'out/b'), 'utf8')).toBe('mine\n');
    repository.write({ out: null });
    expect(await repository.land(landing.from, landing.to)).toEqual({ status: 'landed' });
    expect(existsSync(join(repository.path, 'out'))).toBe(false);
    await expectClean(landing);
  });
});

describe('ways in which git keeps objects and refs', () => {
  it('SHA-256, packed, with a commit graph', async () => {
    const repository = new TestRepository(temporaryFolder());
    await repository.git.run(['init', '--quiet', '--initial-branch=main', '--object-format=sha256']);
    const from = await repository.commit(START);
    const to = await repository.merged(from, await repository.side(from, CHANGE));
    await repository.git.run(['repack', '-a', '-d', '-q']);
    await repository.git.run(['commit-graph', 'write', '--reachable']);
    await expectLanded({ repository, from, to });
  });

  it('refs in a table, where git has that', async ({ skip }) => {
    const repository = new TestRepository(temporaryFolder());
    const version = await new Git({ cwd: '/', env: testEnvironment }).version();
    if (!isAtLeast(version, '2.45')) skip('refs in a table need git 2.45');
    await repository.git.run(['init', '--quiet', '--initial-branch=main', '--ref-format=reftable']);
    const from = await repository.commit(START);
    const to = await repository.merged(from, await repository.side(from, CHANGE));
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
    await expectClean({ repository, from, to });
  });

  it('a clone that fetches contents when they are needed: they come, or nothing is changed', async () => {
    const { repository } = await ready();
    const { git } = repository;
    for (const key of ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'])
      await git.run(['config', key, 'true']);
    const work = await repository.side(await git.text(['rev-parse', 'main']), CHANGE);
    await git.run(['branch', 'work', work]);
    for (const isThere of [true, false]) {
      const path = join(dirname(repository.path), `partial-${isThere}`);
      const args = ['clone', '--quiet', '--filter=blob:none', `file://${repository.path}`, path];
      execFileSync('git', args, { env: testEnvironment });
      const clone = new Git({ cwd: path, env: testEnvironment });
      if (!isThere) await clone.run(['config', 'remote.origin.url', '/nonexistent']);
      const merger = new GitMerger({ git: clone, commonDir: join(path, '.git'), lockWaitMs: 0 });
      const onto = await clone.text(['rev-parse', 'main']);
      const subject = { kind: 'tasks', taskIds: ['1'] } as const;
      const joined = merger.integrate({ runId: 'r1', subject, onto, commit: work, message: 'join' });
      const landing = joined.then(async (outcome) => {
        if (outcome.status !== 'merged') throw new Error(outcome.status);
        return merger.land({ runId: 'r1', target: 'main', from: onto, to: outcome.commit });
      });
      if (isThere) expect(await landing).toEqual({ status: 'landed' });
      else
        await expect(landing).rejects.toMatchObject({
          code: expect.stringMatching(/^PWT_(GIT|LAND)_FAILED$/),
        });
      expect(await clone.text(['diff', '--name-only', 'HEAD'])).toBe('');
      expect(readFileSync(join(path, 'in/a'), 'utf8')).toBe(isThere ? '2\n' : '1\n');
    }
  });
});
