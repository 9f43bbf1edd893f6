import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Git } from '@pwt/git';
import { expect, it } from 'vitest';
import { repositoryWith, temporaryFolder, testEnvironment } from '../test/repository.js';
import { GitMerger } from './git-merger.js';

/** A git that writes down what it was asked. */
function countingGit(cwd: string) {
  const folder = temporaryFolder();
  const [gitPath, log] = [join(folder, 'git'), join(folder, 'log')];
  writeFileSync(gitPath, `#!/bin/sh\necho "$*" >> '${log}'\nexec git "$@"\n`, { mode: 0o755 });
  const count = async (action: () => Promise<unknown>): Promise<number> => {
    writeFileSync(log, '');
    await action();
    return readFileSync(log, 'utf8').split('\n').length - 1;
  };
  return { git: new Git({ cwd, env: testEnvironment, gitPath }), count };
}

it('takes few git processes: they compete with the agents', async () => {
  const { repository, base } = await repositoryWith({ a: 'a\n' });
  const { git, count } = countingGit(repository.path);
  const merger = new GitMerger({ git, commonDir: repository.commonDir });
  const subject = { kind: 'tasks', taskIds: ['1'] } as const;
  const request = { runId: 'r1', subject, onto: base, message: 'join' };
  await merger.open({ runId: 'r1', target: 'main', start: base });
  // The first call also asks for what stays the same, and starts the processes that answer for all calls.
  await merger.integrate({
    ...request,
    subject: { kind: 'tasks', taskIds: ['0'] },
    commit: await repository.side(base, { b: 'b\n' }),
  });

  const commit = await repository.side(base, { a: 'A\n', c: 'c\n' });
  let to = '';
  const integrate = async () => {
    const outcome = await merger.integrate({ ...request, commit });
    if (outcome.status === 'merged') to = outcome.commit;
  };
  expect(await count(integrate)).toBe(2);
  expect(await count(() => merger.advance({ runId: 'r1', from: base, to }))).toBe(0);
  expect(await count(() => merger.land({ runId: 'r1', target: 'main', from: base, to }))).toBe(4);
  expect(await merger.tip('main')).toBe(to);
});
