import { chmod, lstat, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { createCoordinator } from '../create-coordinator.js';

/** Everything below a folder that others could read or write, links and what is in the trash apart. */
async function open(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) return [];
      const mine = ((await lstat(path)).mode & 0o077) === 0 ? [] : [path];
      return entry.isDirectory() && entry.name !== 'trash' ? [...mine, ...(await open(path))] : mine;
    }),
  );
  return below.flat();
}

it('keeps what a run leaves behind for the user alone, whatever the umask, and what earlier ones have left', async () => {
  const before = process.umask(0);
  const repository = await TemporaryRepository.create({
    'specs/SPEC-20-one.md': '# SPEC-20: One\n\n**File**: `one.txt`\n',
  });
  try {
    const state = join(repository.path, '.git/pwt');
    await mkdir(join(state, 'runs/old'), { recursive: true, mode: 0o755 });
    await chmod(state, 0o755);
    await writeFile(join(state, 'runs/old/prompt.md'), 'secret', { mode: 0o644 });
    await writeFile(join(repository.path, 'outside'), '', { mode: 0o644 });
    await symlink(join(repository.path, 'outside'), join(state, 'link'));
    const coordinator = await createCoordinator({
      cwd: repository.path,
      env: repository.env,
      agent: { command: ['sh', '-c', 'umask > one.txt; echo said'] },
      setup: 'true',
      gate: 'echo gate',
      maxCpuPercent: 100,
      maxMemoryPercent: 100,
      minDisk: 0,
    });
    expect((await coordinator.run()).success).toBe(true);
    await coordinator.dispose();
    expect(await open(state)).toEqual([]);
    expect((await lstat(state)).mode & 0o777).toBe(0o700);
    expect((await lstat(join(repository.path, 'outside'))).mode & 0o777).toBe(0o644);
    expect(await repository.git('show', 'main:one.txt')).toMatch(/^0*$/m);
  } finally {
    process.umask(before);
    await repository.dispose();
  }
});
