import { execFile } from 'node:child_process';
import { appendFile, mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { TemporaryRepository } from '@pwt/testkit';

/** A checkout laid out in some way, with the seed's files on its branch. */
export interface Place {
  /** Where the user runs pwt. */
  readonly checkout: string;
  /** The branch that is checked out there. @default 'main' */
  readonly branch?: string;
  /** A repository around it. */
  readonly around?: string;
}

/** Lays the repository out anew; a text says why this git cannot. */
export type Layout = (seed: TemporaryRepository) => Promise<Place | string>;

const run = promisify(execFile);

/** Git in a folder that need not be the seed's, with the seed's environment. */
export function gitIn(seed: TemporaryRepository, folder: string) {
  return async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', [...args], { cwd: folder, env: seed.env });
    return stdout.replace(/\n$/, '');
  };
}

/** Moves the seed's checkout. */
async function called(seed: TemporaryRepository, name: string): Promise<Place> {
  const checkout = join(seed.parent, name);
  await mkdir(join(checkout, '..'), { recursive: true });
  await rename(seed.path, checkout);
  return { checkout };
}

/** Configures the seed as it stands. */
const configured =
  (...settings: ReadonlyArray<readonly [key: string, value: string]>): Layout =>
  async (seed) => {
    for (const [key, value] of settings) await seed.git('config', key, value);
    return { checkout: seed.path };
  };

/** Clones the seed, and puts it out of the way. */
const cloned =
  (...args: readonly string[]): Layout =>
  async (seed) => {
    const { checkout: origin } = await called(seed, 'origin');
    const git = gitIn(seed, seed.parent);
    await gitIn(seed, origin)('config', 'uploadpack.allowFilter', 'true');
    const url = pathToFileURL(origin).href;
    await git('clone', '--quiet', ...args, url, 'project');
    await identify(seed, seed.path);
    return { checkout: seed.path };
  };

/** A bare repository with `main` checked out beside it. */
const bare =
  (store: string, linked: string, inWorktree: Layout = async () => ''): Layout =>
  async (seed) => {
    const { checkout: origin } = await called(seed, 'origin');
    await mkdir(join(seed.parent, store, '..'), { recursive: true });
    await gitIn(seed, origin)('clone', '--quiet', '--bare', '.', join(seed.parent, store));
    const git = gitIn(seed, join(seed.parent, store));
    await identify(seed, join(seed.parent, store));
    const checkout = join(seed.parent, linked);
    await git('worktree', 'add', '--quiet', checkout, 'main');
    await inWorktree(Object.assign(Object.create(seed), { path: checkout }) as TemporaryRepository);
    return { checkout };
  };

async function identify(seed: TemporaryRepository, folder: string): Promise<void> {
  const git = gitIn(seed, folder);
  await git('config', 'user.name', 'Test');
  await git('config', 'user.email', 'test@example.com');
}

const sparse =
  (...args: readonly string[]): Layout =>
  async (seed) => {
    await gitIn(seed, seed.path)('sparse-checkout', 'set', ...args, 'in', 'specs');
    return { checkout: seed.path };
  };

/** Every layout that pwt works in, by name. */
export const layouts: Readonly<Record<string, Layout>> = {
  plain: configured(),
  'a separate git directory': async (seed) => {
    await mkdir(join(seed.parent, 'stores'));
    await seed.git('init', '--quiet', `--separate-git-dir=${join(seed.parent, 'stores/one')}`);
    return { checkout: seed.path };
  },
  '.git as a link': async (seed) => {
    await rename(join(seed.path, '.git'), join(seed.path, '.git.nosync'));
    await symlink('.git.nosync', join(seed.path, '.git'));
    await appendFile(join(seed.path, '.git/info/exclude'), '.git.nosync\n');
    return { checkout: seed.path };
  },
  'a bare repository and a linked checkout': bare('app.git', 'main'),
  'a hidden bare repository with its checkouts in one folder': bare('app/.bare', 'app/main'),
  'bare, with configuration per worktree and sparse': bare('app.git', 'main', async (seed) => {
    const git = gitIn(seed, seed.path);
    await git('config', 'extensions.worktreeConfig', 'true');
    await git('config', '--worktree', 'core.bare', 'false');
    return sparse('--cone')(seed);
  }),
  'a submodule': async (seed) => {
    const { checkout: origin } = await called(seed, 'origin');
    const around = join(seed.parent, 'around');
    await mkdir(around);
    const git = gitIn(seed, around);
    await git('init', '--quiet', '--initial-branch=main');
    await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', origin, 'inner');
    await git('commit', '--quiet', '-m', 'Start');
    await identify(seed, join(around, 'inner'));
    return { checkout: join(around, 'inner'), around };
  },
  'a path through a link': async (seed) => {
    await called(seed, 'real/project');
    await symlink('real', join(seed.parent, 'link'));
    return { checkout: join(seed.parent, 'link/project') };
  },
  'a path with every odd character': (seed) =>
    called(seed, 'it\'s "q" $HOME `id` \\%s {id} {n}\nnew\tünï ☃ #x;&|<>*?[a]~! '),
  'a path with a leading dash': (seed) => called(seed, '--all'),
  'SHA-256': async (seed) => {
    const { checkout: origin } = await called(seed, 'origin');
    const git = gitIn(seed, seed.parent);
    await git('init', '--quiet', '--initial-branch=main', '--object-format=sha256', 'project');
    const listed = await gitIn(seed, origin)('ls-files', '-z');
    for (const path of listed.split('\0').filter(Boolean)) {
      await mkdir(join(seed.path, path, '..'), { recursive: true });
      await rename(join(origin, path), join(seed.path, path));
    }
    await identify(seed, seed.path);
    await seed.commitAll('Start');
    return { checkout: seed.path };
  },
  shallow: cloned('--depth=1'),
  'a clone without blobs': cloned('--filter=blob:none'),
  'borrowed objects': cloned('--shared', '--local'),
  'line ends as on Windows': configured(['core.autocrlf', 'true']),
  'LFS attributes without LFS': async (seed) => {
    await seed.write({
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'in/data.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'1'.repeat(64)}\nsize 3\n`,
    });
    await seed.commitAll('LFS');
    return { checkout: seed.path };
  },
  'a sparse cone': sparse('--cone'),
  'a sparse index': sparse('--cone', '--sparse-index'),
  'sparse patterns': sparse('--no-cone'),
  'a linked checkout': async (seed) => {
    const checkout = join(seed.parent, 'second place');
    await seed.git('worktree', 'add', '--quiet', '-b', 'second', checkout);
    return { checkout, branch: 'second' };
  },
  reftable: async (seed) => {
    const { checkout: origin } = await called(seed, 'origin');
    const git = gitIn(seed, seed.parent);
    try {
      await git('clone', '--quiet', '--ref-format=reftable', pathToFileURL(origin).href, 'project');
    } catch {
      return 'this git has no reftable';
    }
    await identify(seed, seed.path);
    return { checkout: seed.path };
  },
  'modes that do not count': configured(['core.fileMode', 'false']),
  'a split index and a cache of untracked files': configured(
    ['core.splitIndex', 'true'],
    ['core.untrackedCache', 'true'],
    ['index.version', '4'],
  ),
  'a branch with slashes': async (seed) => {
    await seed.git('branch', '-m', 'release/2026/main-ü');
    return { checkout: seed.path, branch: 'release/2026/main-ü' };
  },
};
