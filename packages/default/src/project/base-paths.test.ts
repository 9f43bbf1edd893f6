import { TemporaryRepository } from '@pwt/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { readPaths, takePaths } from './base-paths.js';
import { openProject } from './project.js';

it('hands the list of a commit on once, and never that of another one', async () => {
  const repository = await TemporaryRepository.create({ a: 'a\n' });
  onTestFinished(() => repository.dispose());
  const { git } = await openProject({ cwd: repository.path, env: repository.env });
  const [base, empty] = [await git.text(['rev-parse', 'HEAD']), await git.text(['mktree'])];
  const read = readPaths(git, base);
  expect(takePaths(git, base)).toBe(read);
  expect(await takePaths(git, base)).toEqual(await read);
  expect(takePaths(git, base)).not.toBe(read);
  void readPaths(git, base);
  expect(await takePaths(git, empty)).toEqual([]);
});
