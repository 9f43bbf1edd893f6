import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, expectUntouched, landingOf } from '../landing.js';
import type { TestRepository } from '../repository.js';

const ready = () => landingOf({ a: '1\n', b: '1\n', '.gitignore': '*.env\n' }, { a: '2\n', new: 'n\n' });
const FAILS = { okExitCodes: [0, 1, 128] };

/** Two commits on one another that no branch has; each of them conflicts with what the checkout has. */
async function conflicting(repository: TestRepository, from: string): Promise<[string, string]> {
  const first = await repository.side(from, { b: '2\n' });
  return [first, await repository.side(first, { b: '3\n' })];
}

const operations: Record<string, (repository: TestRepository, from: string) => Promise<unknown>> = {
  'a series of picks, between two of them': async (repository, from) => {
    const [first, second] = await conflicting(repository, from);
    await repository.git.run(['cherry-pick', second, first], FAILS);
    repository.write({ b: 'resolved\n' });
    await repository.git.run(['add', 'b']);
    await repository.git.run(['commit', '--quiet', '-m', 'mine']);
    await repository.git.run(['branch', '--force', 'aside', from]);
    await repository.git.run(['reset', '--quiet', '--soft', from]);
    await repository.git.run(['restore', '--staged', '--worktree', '.']);
  },
  'a pick with a conflict': async (repository, from) => {
    const [, second] = await conflicting(repository, from);
    await repository.git.run(['cherry-pick', second], FAILS);
  },
  'a revert with a conflict': async (repository, from) => {
    const [first, second] = await conflicting(repository, from);
    await repository.git.run(['revert', '--no-commit', first], FAILS);
    await repository.git.run(['revert', '--abort'], FAILS);
    await repository.git.run(['revert', second], FAILS);
  },
  'a merge whose conflict is resolved and staged': async (repository, from) => {
    const [, second] = await conflicting(repository, from);
    const other = await repository.side(from, { b: 'other\n' });
    await repository.git.run(['merge', '--no-commit', '--no-ff', second], FAILS);
    await repository.git.run(['merge', '--quit'], FAILS);
    await repository.git.run(['reset', '--quiet', '--hard']);
    await repository.git.run(['merge', '--no-commit', '--no-ff', other], FAILS);
  },
  'patches of a mailbox': async (repository, from) => {
    const [, second] = await conflicting(repository, from);
    const patch = await repository.git.text(['format-patch', '--stdout', '-1', second]);
    await repository.git.run(['am', '--quiet'], { ...FAILS, input: `${patch}\n` });
  },
};

describe('a checkout of the target in the middle of something', () => {
  for (const [name, begin] of Object.entries(operations)) {
    it(`is left as it is: ${name}`, async () => {
      const landing = await ready();
      await begin(landing.repository, landing.from);
      landing.repository.write({ 'my.env': 'ignored\n' });
      const { repository, from, to } = landing;
      const outcome = await expectUntouched(repository, () => repository.land(from, to));
      expect(outcome).toMatchObject({ status: 'refused', reason: 'in-progress' });
    });
  }

  it('is not one with the result of a squash staged elsewhere, or a stash: it lands beside them', async () => {
    const landing = await ready();
    const { repository, from } = landing;
    repository.write({ b: 'stashed\n' });
    await repository.git.run(['stash', '--quiet']);
    const [first] = await conflicting(repository, from);
    await repository.git.run(['merge', '--squash', '--quiet', first]);
    await expectLanded(landing);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('M  b');
  });
});

describe('locks', () => {
  it('in a linked worktree that has the target', async () => {
    const landing = await ready();
    const { repository } = landing;
    const linked = join(dirname(repository.path), 'linked');
    await repository.git.run(['switch', '--quiet', '--create', 'mine']);
    await repository.git.run(['worktree', 'add', '--quiet', linked, 'main']);
    for (const name of ['index.lock', 'HEAD.lock']) {
      const lock = join(repository.commonDir, 'worktrees/linked', name);
      writeFileSync(lock, '');
      await expectRefused(landing, { reason: 'locked', paths: [lock] });
      rmSync(lock);
    }
    // What is held in a checkout that does not move is in no way.
    writeFileSync(join(repository.commonDir, 'index.lock'), '');
    await expectLanded(landing, linked);
  });

  it('of other things are in no way: configuration, collection of garbage, a shallow update', async () => {
    const landing = await ready();
    for (const name of ['config.lock', 'gc.pid', 'shallow.lock'])
      writeFileSync(join(landing.repository.commonDir, name), '');
    await expectLanded(landing);
  });
});
