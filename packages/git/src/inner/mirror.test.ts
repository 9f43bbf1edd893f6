import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryWith } from '../../test/repository.js';
import { openDoor } from '../door/open-door.js';
import { withInner } from './mirror.js';

it('a repository inside is looked into from where no agent can write', async () => {
  const project = await repositoryWith({ a: 'a\n' });
  const inner = await repositoryWith({ b: 'b\n' });
  const mirrors = join(project.folder, 'mirrors');
  const gitDir = join(project.path, '.git');
  const place = { workTree: project.path, gitDir, commonDir: gitDir };
  const git = await openDoor(project.git, { ...place, config: [], mirrors });
  const used = await withInner(
    git,
    { gitDir: join(inner.path, '.git'), workTree: inner.path },
    async (there, mirror) => {
      expect(await there.text(['show', 'HEAD:b'])).toBe('b');
      return mirror;
    },
  );
  expect(dirname(used)).toBe(mirrors);
  expect(existsSync(used)).toBe(false);
});
