import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, landingOf } from '../landing.js';

describe('files of the user in the way of a landing', () => {
  it('are ignored by rules outside of the tree', async () => {
    const landing = await landingOf({ a: 'a\n' }, { 'secret.env': 'theirs\n', 'key.pem': 'theirs\n' });
    const { repository } = landing;
    const excludes = join(dirname(repository.path), 'excludes');
    writeFileSync(excludes, '*.env\n');
    await repository.git.run(['config', 'core.excludesFile', excludes]);
    mkdirSync(join(repository.commonDir, 'info'), { recursive: true });
    writeFileSync(join(repository.commonDir, 'info/exclude'), '*.pem\n');
    repository.write({ 'secret.env': 'mine\n', 'key.pem': 'mine\n' });
    await expectRefused(landing, { reason: 'ignored', paths: ['key.pem', 'secret.env'] });
  });

  it('are ignored until the landing itself says otherwise, and the reverse', async () => {
    const landing = await landingOf(
      { '.gitignore': '*.env\n', a: 'a\n' },
      { '.gitignore': '*.pem\n', 'secret.env': 'theirs\n', 'key.pem': 'theirs\n' },
    );
    landing.repository.write({ 'secret.env': 'mine\n' });
    await expectRefused(landing, { reason: 'ignored', paths: ['secret.env'] });
    landing.repository.write({ 'secret.env': null, 'key.pem': 'mine\n' });
    await expectRefused(landing, { reason: 'untracked', paths: ['key.pem'] });
    landing.repository.write({ 'key.pem': null, 'my.env': 'ignored before\n' });
    await expectLanded(landing);
  });

  it('are a folder that is ignored as a whole, with files in it', async () => {
    const landing = await landingOf(
      { '.gitignore': 'build/\n', a: 'a\n' },
      { 'build/out': 'theirs\n', build2: '2\n' },
    );
    landing.repository.write({ 'build/out': 'mine\n', 'build/other': 'mine\n' });
    await expectRefused(landing, { reason: 'ignored', paths: ['build/out'] });
    landing.repository.write({ 'build/out': null });
    await expectLanded(landing);
    expect(readFileSync(join(landing.repository.path, 'build/other'), 'utf8')).toBe('mine\n');
  });

  it('are a repository of their own where a file or a folder must be', async () => {
    const landing = await landingOf({ a: 'a\n' }, { 'inner/file': 'theirs\n', taken: 'theirs\n' });
    const { repository } = landing;
    await repository.git.run(['init', '--quiet', 'taken']);
    await expectRefused(landing, { reason: 'untracked', paths: ['taken/'] });
    repository.write({ taken: null });
    await repository.git.run(['init', '--quiet', 'inner']);
    repository.write({ 'inner/mine': 'mine\n' });
    await expectLanded(landing);
    expect(existsSync(join(repository.path, 'inner/.git/HEAD'))).toBe(true);
    expect(readFileSync(join(repository.path, 'inner/mine'), 'utf8')).toBe('mine\n');
  });

  it('are what stays in a folder whose tracked files the landing deletes', async () => {
    const landing = await landingOf(
      { 'd/tracked': 't\n', '.gitignore': '*.env\n', e: 'e\n' },
      { 'd/tracked': null },
    );
    landing.repository.write({ 'd/my.env': 'mine\n', 'd/deep/notes': 'mine\n' });
    await expectLanded(landing);
    expect(readFileSync(join(landing.repository.path, 'd/my.env'), 'utf8')).toBe('mine\n');
  });

  it('have the name that a file gets which the landing renames', async () => {
    const landing = await landingOf({ old: 'o\n', '.gitignore': '*.env\n' }, { old: null, 'new.env': 'o\n' });
    landing.repository.write({ 'new.env': 'mine\n' });
    await expectRefused(landing, { reason: 'ignored', paths: ['new.env'] });
  });

  it.skipIf(process.getuid?.() === 0)('can not be looked at: a folder without rights', async () => {
    const landing = await landingOf({ a: 'a\n' }, { 'shut/file': 'theirs\n' });
    const shut = join(landing.repository.path, 'shut');
    mkdirSync(shut);
    chmodSync(shut, 0o000);
    try {
      await expect(landing.repository.land(landing.from, landing.to)).rejects.toThrow();
      expect(await landing.repository.merger.tip('main')).toBe(landing.from);
    } finally {
      chmodSync(shut, 0o755);
    }
  });
});
