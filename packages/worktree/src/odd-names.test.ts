import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith } from '../test/repository.js';

/** File names as git and the file system have them: bytes. Here as Latin-1, a byte a character. */
const NAMES: readonly string[] = [
  ...['caf\xe9', 'caf\xe8', '\xff\xfe', 'd\xe9/deep\xe9'],
  ...[
    'new\nline',
    'tab\tand "quote"',
    '-dash',
    '--all',
    'trailing ',
    ' leading',
    'back\\slash',
    ':(top)x',
    '*.ts',
  ],
  // The same letter composed and decomposed, and names that differ by case alone.
  ...[
    'caf\xc3\xa9',
    'cafe\xcc\x81',
    'Case',
    'case',
    '\xf0\x9f\x98\x80',
    `${'l'.repeat(255)}`,
    '[a]',
    '#x',
    '~',
  ],
];

const bytes = (text: string) => Buffer.from(text, 'latin1');

async function workspaceWith(names: readonly string[]) {
  const { repository, base } = await repositoryWith({ '.gitignore': 'ignored*\n', tracked: 't\n' });
  const workspace = await repository.create('1', base);
  const at = (name: string) => Buffer.concat([Buffer.from(`${workspace.path}/`), bytes(name)]);
  const put = (name: string) => {
    if (name.includes('/')) mkdirSync(at(name.slice(0, name.lastIndexOf('/'))), { recursive: true });
    writeFileSync(at(name), name);
  };
  for (const name of names) put(name);
  return { repository, base, workspace, at, put, git: repository.git.at(workspace.path) };
}

async function namesOf(git: { runBytes(args: string[]): Promise<{ stdout: Buffer }> }, commit: string) {
  const { stdout } = await git.runBytes(['ls-tree', '-r', '-z', '--name-only', commit]);
  return stdout.toString('latin1').split('\0').filter(Boolean).sort();
}

describe('names of every kind', () => {
  it('left uncommitted are collected with the bytes that they have, and removed when they have landed', async () => {
    const { repository, workspace, git } = await workspaceWith(NAMES);
    const { provider } = repository;
    expect(await provider.changes(workspace)).toHaveLength(NAMES.length);
    const { commit, changes } = await collectFrom(provider, { workspace, message: 'work' });
    expect(await namesOf(git, commit)).toEqual([...NAMES, '.gitignore', 'tracked'].sort());
    // Each has a path of its own, also after it was in a log.
    const paths = (JSON.parse(JSON.stringify(changes)) as { path: string }[]).map(({ path }) => path);
    expect(new Set(paths).size).toBe(NAMES.length);
    expect(await provider.remove({ workspace, containedIn: commit })).toEqual({ status: 'removed' });
  });

  it('of repositories and links that lead out are left where they are', async () => {
    const { repository, workspace, at, git } = await workspaceWith(['w\xe9']);
    mkdirSync(at('nest\xe9'));
    const nested = ['init', '--quiet', '.'];
    execFileSync('/bin/sh', ['-c', 'cd nest* && exec git "$@"', 'sh', ...nested], { cwd: workspace.path });
    symlinkSync('/etc', at('out\xe9'));
    symlinkSync(bytes('w\xe9'), at('in\xe9'));
    const { commit } = await collectFrom(repository.provider, { workspace, message: 'work' });
    expect(await namesOf(git, commit)).toEqual(['.gitignore', 'in\xe9', 'tracked', 'w\xe9'].sort());
    expect(lstatSync(at('out\xe9')).isSymbolicLink()).toBe(true);
  });

  it('that are ignored stay in the trash', async () => {
    const { repository, workspace, base } = await workspaceWith(['ignored\xe9', 'ignored\nx']);
    expect(await repository.provider.remove({ workspace, containedIn: base })).toEqual({ status: 'removed' });
    const trash = `${repository.stateDir}/trash`;
    const [folder = ''] = readdirSync(trash).filter((name) => !name.endsWith('.json'));
    const kept = readdirSync(Buffer.from(`${trash}/${folder}`), { encoding: 'buffer' });
    expect(kept.map((name) => name.toString('latin1')).sort()).toEqual(['ignored\nx', 'ignored\xe9']);
  });

  it('are copied where .worktreeinclude says so', async () => {
    const { repository, base } = await repositoryWith({ '.gitignore': '.env*\n' });
    repository.write({ '.worktreeinclude': '.env*\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${repository.path}/`), bytes('.env\xe9')]), 'secret');
    const { path } = await repository.create('1', base);
    const names = readdirSync(Buffer.from(path), { encoding: 'buffer' });
    expect(names.map((name) => name.toString('latin1'))).toContain('.env\xe9');
  });
});
