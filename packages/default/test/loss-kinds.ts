import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Run = (cwd: string, ...args: string[]) => string;

/** Something that an agent may leave, and how it is recognised where it was brought back. */
export interface LossKind {
  readonly name: string;
  /** Done in the worktree, as an agent does it. */
  readonly leave: (top: string, git: Run, id: string) => void;
  /** True if a folder (the worktree, or what was restored) has it in full. */
  readonly isIn: (top: string, git: Run, id: string) => boolean;
  /** True if it is found elsewhere in the repository; `common` is the shared git directory. */
  readonly isInRepository?: (repository: string, git: Run, id: string) => boolean;
}

/** What the repository has before: `<kind>.txt` for each, `run.sh`, and the submodule `lib`. */
export const lossKinds: readonly LossKind[] = [
  {
    name: 'committed',
    leave(top, git, id) {
      writeFileSync(join(top, 'committed.txt'), `committed by ${id}\n`);
      git(top, 'add', 'committed.txt');
      git(top, 'commit', '--quiet', '-m', `work of ${id}`);
    },
    isIn: (top, git, id) =>
      textOf(top, 'committed.txt') === `committed by ${id}\n` &&
      git(top, 'log', '--format=%s', 'HEAD').includes(`work of ${id}`),
  },
  {
    name: 'staged',
    leave(top, git, id) {
      writeFileSync(join(top, 'staged.txt'), `staged by ${id}\n`);
      git(top, 'add', 'staged.txt');
      writeFileSync(join(top, 'staged.txt'), `later by ${id}\n`);
    },
    isIn: (top, git, id) =>
      textOf(top, 'staged.txt') === `later by ${id}\n` &&
      git(top, 'show', ':staged.txt') === `staged by ${id}`,
  },
  {
    name: 'unstaged',
    leave: (top, _, id) => writeFileSync(join(top, 'unstaged.txt'), `unstaged by ${id}\n`),
    isIn: (top, _, id) => textOf(top, 'unstaged.txt') === `unstaged by ${id}\n`,
  },
  {
    name: 'untracked',
    leave: (top, _, id) => writeFileSync(join(top, 'new "odd" näme.txt'), `new by ${id}\n`),
    isIn: (top, _, id) => textOf(top, 'new "odd" näme.txt') === `new by ${id}\n`,
  },
  {
    name: 'mode',
    leave: (top) => chmodSync(join(top, 'run.sh'), 0o755),
    isIn: (top) => ((lstatSync(join(top, 'run.sh'), { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0,
  },
  {
    name: 'symlink',
    leave: (top, _, id) => symlinkSync(`/nowhere/${id}`, join(top, 'link')),
    isIn: (top) => lstatSync(join(top, 'link'), { throwIfNoEntry: false })?.isSymbolicLink() === true,
  },
  {
    name: 'deletion',
    leave: (top) => rmSync(join(top, 'deletion.txt')),
    isIn: (top) => existsSync(join(top, 'unstaged.txt')) && !existsSync(join(top, 'deletion.txt')),
  },
  {
    name: 'submodule commit',
    leave(top, git, id) {
      git(top, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
      writeFileSync(join(top, 'lib/s.txt'), `submodule by ${id}\n`);
      git(join(top, 'lib'), 'commit', '--quiet', '-a', '-m', `submodule of ${id}`);
    },
    isIn: (top, git, id) =>
      existsSync(join(top, 'lib/.git')) &&
      git(join(top, 'lib'), 'log', '--all', '--format=%s').includes(`of ${id}`),
  },
  {
    name: 'nested repository',
    leave(top, git, id) {
      git(top, 'init', '--quiet', 'nested');
      writeFileSync(join(top, 'nested/n.txt'), `nested by ${id}\n`);
      git(join(top, 'nested'), 'add', '--all');
      git(join(top, 'nested'), 'commit', '--quiet', '-m', `nested of ${id}`);
      writeFileSync(join(top, 'nested/loose.txt'), `loose by ${id}\n`);
    },
    isIn: (top, git, id) =>
      textOf(top, 'nested/loose.txt') === `loose by ${id}\n` &&
      existsSync(join(top, 'nested/.git')) &&
      git(join(top, 'nested'), 'show', 'HEAD:n.txt') === `nested by ${id}`,
  },
  {
    name: 'stash',
    leave(top, git, id) {
      writeFileSync(join(top, 'stash.txt'), `stashed by ${id}\n`);
      git(top, 'stash', 'push', '--quiet', '-m', `stash of ${id}`);
    },
    // The stash is one for all worktrees, and no command of pwt's touches it.
    isIn: () => false,
    isInRepository: (repository, git, id) =>
      git(repository, 'stash', 'list', '--format=%gs').includes(`stash of ${id}`) &&
      git(repository, 'log', '-g', '-p', '-m', '--first-parent', 'refs/stash').includes(`+stashed by ${id}`),
  },
];

/** The files that the kinds start from. */
export const baseFiles: Readonly<Record<string, string>> = {
  '.gitignore': '*.log\n',
  'run.sh': '#!/bin/sh\n',
  'shared.txt': 'shared\n',
  ...Object.fromEntries(
    ['committed', 'staged', 'unstaged', 'deletion', 'stash'].map((name) => [`${name}.txt`, `${name}\n`]),
  ),
};

/** Runs git in a folder with this environment; what it prints, without the last newline. */
export function gitIn(env: Readonly<Record<string, string>>): Run {
  return (cwd, ...args) =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(
      /\n$/,
      '',
    );
}

function textOf(top: string, path: string): string | undefined {
  return existsSync(join(top, path)) ? readFileSync(join(top, path), 'utf8') : undefined;
}
