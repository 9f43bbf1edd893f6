import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { GitMerger } from '../../src/git-merger.js';
import { expectLanded } from '../landing.js';
import { repositoryWith, type TestRepository, testEnvironment } from '../repository.js';

/** A merger whose git does something else first, once, when it is called for a command. */
function mergerThat(repository: TestRepository, command: string, act: string): GitMerger {
  const [gitPath, done] = [join(dirname(repository.path), 'git'), join(dirname(repository.path), 'done')];
  const script = `case " $* " in *" ${command} "*) test -e '${done}' || { touch '${done}'; ${act}; } ;; esac`;
  writeFileSync(gitPath, `#!/bin/sh\n${script}\nexec git "$@"\n`, { mode: 0o755 });
  const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
  return new GitMerger({ git, commonDir: repository.commonDir, lockWaitMs: 0 });
}

describe('garbage is collected', () => {
  it('while work is joined: nothing comes of it or it is whole, and the next try is', async () => {
    for (const command of ['merge-tree', 'hash-object', 'update-ref']) {
      const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
      const { git } = repository;
      const onto = await repository.side(base, { a: '2\n' });
      const commit = await repository.side(base, { b: '2\n' });
      for (const [index, id] of [onto, commit].entries()) await git.run(['branch', `keep-${index}`, id]);
      const gc = `unset $(git rev-parse --local-env-vars); git -C '${repository.path}' gc --quiet --prune=now`;
      const merger = mergerThat(repository, command, `(${gc})`);
      const subject = { kind: 'tasks', taskIds: ['1'] } as const;
      const request = { runId: 'r1', subject, onto, commit, message: 'join' };
      await merger.integrate(request).catch((error: unknown) => {
        expect(error, command).toMatchObject({ code: 'PWT_GIT_FAILED' });
      });
      expect(existsSync(join(dirname(repository.path), 'done')), command).toBe(true);
      await git.run(['fsck', '--no-dangling', '--no-progress']);
      const outcome = await merger.integrate(request);
      if (outcome.status !== 'merged') throw new Error(outcome.status);
      await git.run(['gc', '--quiet', '--prune=now']);
      expect(await repository.show(outcome.commit, 'a')).toBe('2\n');
    }
  });

  it('between the join and the landing, and packs all refs', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const to = await repository.merged(base, await repository.side(base, { a: '2\n' }));
    await repository.git.run(['gc', '--quiet', '--prune=now']);
    await repository.git.run(['pack-refs', '--all', '--prune']);
    await expectLanded({ repository, from: base, to });
  });
});

describe('two of pwt on one repository', () => {
  it('lose no work of one another, though each lands by itself', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', mine: '1\n' });
    const { path, commonDir } = repository;
    const ids = ['1', '2', '3', '4'];
    const work = new Map<string, string>();
    for (const id of ids) work.set(id, await repository.side(base, { [`from-${id}`]: `${id}\n` }));
    repository.write({ mine: 'edited\n', untracked: 'u\n' });
    const landing = async (runId: string, id: string): Promise<void> => {
      const own = new GitMerger({ git: new Git({ cwd: path, env: testEnvironment }), commonDir });
      const request = { runId, subject: { kind: 'tasks', taskIds: [id] } as const, message: `task ${id}` };
      for (let tries = 0; tries < 40; tries += 1) {
        const from = (await own.tip('main')) ?? '';
        const joined = await own.integrate({ ...request, onto: from, commit: work.get(id) ?? '' });
        if (joined.status === 'contained') return;
        if (joined.status !== 'merged') throw new Error(joined.status);
        const outcome = await own.land({ runId, target: 'main', from, to: joined.commit });
        if (outcome.status === 'landed') return;
        // Another one was first, or is at it; anything else of the user's is not in the way.
        if (outcome.status === 'refused') expect(['locked', 'dirty', 'untracked']).toContain(outcome.reason);
      }
      throw new Error(`${id} never landed`);
    };
    await Promise.all(ids.map((id, index) => landing(`r${index % 2}`, id)));
    for (const commit of work.values()) {
      expect(await repository.merger.contains({ ancestor: commit, descendant: 'main' })).toBe(true);
    }
    // Not the index: git merge reads it before it locks it, so of two at the same instant one may miss the other's file.
    // In a repository only the holder of the run's lock lands.
    expect([readFileSync(join(path, 'mine'), 'utf8'), readFileSync(join(path, 'untracked'), 'utf8')]).toEqual(
      ['edited\n', 'u\n'],
    );
    expect(readdirSync(commonDir).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });
});
