import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { openProject } from './project.js';

it('knows the branches that pwt has made: a dead lock on one of them goes', async () => {
  const repository = await TemporaryRepository.create({ a: 'a\n' });
  const { git, stateDir } = await openProject({ cwd: repository.path, env: repository.env });
  const workspace = { id: 'r1.1', runId: 'r1', taskId: '1', branch: 'feature/us-001' };
  const record = join(stateDir, 'worktrees', 'r1.1.json');
  const lock = join(repository.path, '.git/refs/heads/feature/us-001.lock');
  for (const folder of [record, lock].map(dirname)) await mkdir(folder, { recursive: true });
  await writeFile(record, JSON.stringify({ v: 1, workspace, state: 'ready', mark: 'm' }));
  await writeFile(lock, '');
  const anHourAgo = Date.now() / 1000 - 3600;
  await utimes(lock, anHourAgo, anHourAgo);
  await git.recovery?.recover(`Unable to create '${lock}': File exists.`);
  expect(existsSync(lock)).toBe(false);
  await repository.dispose();
});
