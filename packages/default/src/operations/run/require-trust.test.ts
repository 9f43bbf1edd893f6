import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProject } from '../../project/project.js';
import { recordTrust, trustForRun, untrustedConfig } from './require-trust.js';

let repository: TemporaryRepository;
beforeEach(async () => {
  repository = await TemporaryRepository.create({ a: 'a\n' });
});
afterEach(() => repository.dispose());

const open = () =>
  openProject({ cwd: repository.path, env: repository.env, trustDir: join(repository.parent, 'state') });

it('refuses what has come in since the last run, names the command that takes it out, and takes a yes', async () => {
  await repository.git('config', 'filter.mine.clean', 'cat');
  await recordTrust(await trustForRun(await open(), false));
  await repository.git('config', 'filter.evil.clean', 'evil');
  await repository.git('config', 'core.hooksPath', '.husky');
  const project = await open();
  expect(untrustedConfig(project).map(({ key }) => key)).toEqual(['filter.evil.clean']);
  await expect(trustForRun(project, false)).rejects.toMatchObject({
    code: 'PWT_CONFIG_UNTRUSTED',
    hint: expect.stringContaining(`--unset-all filter.evil.clean`),
  });
  const filters = async (git: typeof project.git) => git.lines(['config', '--get-regexp', '^filter\\.']);
  expect(await filters(project.git)).toEqual(['filter.mine.clean cat']);
  const trusting = await trustForRun(project, true);
  expect(await filters(trusting.git)).toEqual(['filter.mine.clean cat', 'filter.evil.clean evil']);
  await recordTrust(trusting);
  expect(untrustedConfig(await open())).toEqual([]);
});

it('keeps no mirror that has been out of use for a week, and touches nothing that one leads to', async () => {
  const project = await open();
  await recordTrust(project);
  const { mirror = '' } = project.git.place ?? {};
  const old = join(mirror, '..', '0'.repeat(32));
  await mkdir(old);
  await symlink(join(repository.path, '.git/objects'), join(old, 'objects'));
  await utimes(old, 1, 1);
  await utimes(mirror, 1, 1);
  await recordTrust(project);
  expect([existsSync(old), existsSync(mirror)]).toEqual([false, true]);
  expect((await readdir(join(repository.path, '.git/objects'))).length).toBeGreaterThan(2);
});
