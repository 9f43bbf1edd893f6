import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProject } from '../../project/project.js';
import { hooksNote } from './hooks-note.js';

let repository: TemporaryRepository;
beforeEach(async () => {
  repository = await TemporaryRepository.create({ a: 'a\n' });
});
afterEach(() => repository.dispose());

async function write(folder: string, names: readonly string[], mode = 0o755): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    await writeFile(join(folder, name), '#!/bin/sh\nexit 1\n');
    await chmod(join(folder, name), mode);
  }
}

async function note(): Promise<string | undefined> {
  const [found] = await hooksNote(await openProject({ cwd: repository.path, env: repository.env }));
  return found?.message;
}

describe('hooks that do not run', () => {
  it('are named; samples, and hooks of other commands, are not', async () => {
    expect(await note()).toBeUndefined();
    const folder = join(repository.path, '.git/hooks');
    await write(folder, ['pre-commit.sample', 'pre-push']);
    await write(folder, ['post-merge'], 0o644);
    expect(await note()).toBeUndefined();
    await write(folder, ['commit-msg', 'pre-commit', 'reference-transaction']);
    expect(await note()).toBe(
      `pwt's own commits and merges run no hooks: commit-msg, pre-commit, reference-transaction (in ${folder}).`,
    );
  });

  it('are found where core.hooksPath says, relative to the top too, and where husky keeps them', async () => {
    await write(join(repository.path, 'own'), ['commit-msg']);
    await repository.git('config', 'core.hooksPath', 'own');
    expect(await note()).toContain(`commit-msg (in ${join(repository.path, 'own')})`);
    await write(join(repository.path, '.husky/_'), ['commit-msg', 'post-merge']);
    await write(join(repository.path, '.husky'), ['pre-commit'], 0o644);
    await repository.git('config', 'core.hooksPath', '.husky/_');
    expect(await note()).toContain('no hooks: pre-commit (in ');
  });
});
