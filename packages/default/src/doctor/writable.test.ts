import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openProject } from '../project/project.js';
import { checkWritable } from './writable.js';

it('names a folder that can not be written to, with the command that mends it', async ({ skip }) => {
  const repository = await TemporaryRepository.create();
  onTestFinished(() => repository.dispose());
  const project = await openProject({ cwd: repository.path, env: repository.env });
  expect(await checkWritable(project)).toEqual([]);
  const refs = join(project.repository.commonDir, 'refs');
  mkdirSync(project.stateDir, { recursive: true });
  if (process.getuid?.() === 0) {
    try {
      execFileSync('chattr', ['+i', refs], { stdio: 'ignore' });
    } catch {
      return skip('root may write everywhere, and this file system has no immutable folders');
    }
    onTestFinished(() => void execFileSync('chattr', ['-i', refs]));
  } else {
    chmodSync(refs, 0o500);
    onTestFinished(() => chmodSync(refs, 0o700));
  }
  const [check, ...others] = await checkWritable(project);
  expect(others).toEqual([]);
  expect(check).toMatchObject({ status: 'problem', message: expect.stringContaining(refs) });
  execFileSync('sh', ['-c', check?.fix ?? 'exit 1']);
  expect(await checkWritable(project)).toEqual([]);
});
