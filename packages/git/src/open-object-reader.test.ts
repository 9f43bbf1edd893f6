import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository as Repo, repositoryWith, type TestRepository } from '../test/repository.js';
import { discoverRepository } from './discovery.js';
import { IsomorphicGitReader } from './isomorphic-reader.js';
import { findReaderObstacle, openObjectReader } from './open-object-reader.js';

/** What the opened reader answers, and what isomorphic-git alone would have answered. */
async function compare(repository: TestRepository, path: string) {
  const { git } = repository;
  const discovered = await discoverRepository(git);
  const commit = await git.text(['rev-parse', 'HEAD']);
  const reader = await openObjectReader({ git, repository: discovered });
  const alone = new IsomorphicGitReader(discovered);
  try {
    // First the one that cannot fetch.
    const asked = { commit, path };
    const answer = await alone.readFile(asked).then(String, () => 'fails');
    return {
      obstacle: await findReaderObstacle(discovered),
      kind: reader.kind,
      opened: (await reader.readFile(asked))?.toString(),
      alone: answer,
    };
  } finally {
    await reader.close();
  }
}

describe('openObjectReader', () => {
  it('uses isomorphic-git in an ordinary repository', async () => {
    const repository = await repositoryWith({ a: 'text' });
    expect(await compare(repository, 'a')).toEqual({
      ...{ obstacle: null, kind: 'combined', opened: 'text', alone: 'text' },
    });
  });

  it('uses the CLI with SHA-256, which isomorphic-git cannot read', async () => {
    const repository = await repositoryWith({ a: 'text' }, ['--object-format=sha256']);
    expect(await compare(repository, 'a')).toEqual({
      ...{ obstacle: 'object-format', kind: 'git-cli', opened: 'text', alone: 'fails' },
    });
  });

  it('uses the CLI with borrowed objects, which isomorphic-git does not find', async () => {
    const lender = await repositoryWith({ a: 'text' });
    await lender.git.run(['clone', '--quiet', '--shared', lender.path, join(lender.folder, 'sub/repo')]);
    const borrower = new Repo(join(lender.folder, 'sub'));
    expect(await compare(borrower, 'a')).toEqual({
      ...{ obstacle: 'alternates', kind: 'git-cli', opened: 'text', alone: 'null' },
    });
  });

  it('uses the CLI in a partial clone, where git fetches what is missing', async () => {
    const full = await repositoryWith({ a: 'text' });
    await full.git.run(['config', 'uploadpack.allowFilter', 'true']);
    const args = ['--quiet', '--no-checkout', '--filter=blob:none', `file://${full.path}`];
    await full.git.run(['clone', ...args, join(full.folder, 'sub/repo')]);
    expect(await compare(new Repo(join(full.folder, 'sub')), 'a')).toEqual({
      ...{ obstacle: 'partial-clone', kind: 'git-cli', opened: 'text', alone: 'null' },
    });
  });

  it('uses the CLI when packs are too large to hold in memory', async () => {
    const repository = await repositoryWith({ a: 'text' });
    const pack = join(repository.path, '.git/objects/pack/pack-large.pack');
    writeFileSync(pack, '');
    truncateSync(pack, 32 * 1024 ** 2 + 1);
    const found = await findReaderObstacle(await discoverRepository(repository.git));
    expect(found).toBe('large-packs');
  });

  it('uses the CLI for storage and extensions that it does not know', async () => {
    const repository = await discoverRepository((await repositoryWith({ a: 'text' })).git);
    const withExtensions = (extensions: Record<string, string>) =>
      findReaderObstacle({ ...repository, extensions });
    expect(await findReaderObstacle({ ...repository, refFormat: 'reftable' })).toBe('ref-format');
    expect(await withExtensions({ compatobjectformat: 'sha256' })).toBe('unknown-extension');
    expect(await withExtensions({ worktreeconfig: 'true', objectformat: 'sha1' })).toBeNull();
  });
});
