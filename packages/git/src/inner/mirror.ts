import { lstat, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { diskPath } from '../byte-text.js';
import type { Git } from '../git.js';
import { commonDirOf } from '../git-dir.js';
import { withTemporaryFolder } from '../temporary-folder.js';

/** A repository inside a worktree, or the one that it is kept in. Paths are absolute. */
export interface InnerPlace {
  readonly gitDir: string;
  /** Where its files are; for a repository that is only kept, its git directory. */
  readonly workTree: string;
}

/** What a repository is made of, and its history and refs are read from. Never its configuration, never hooks. */
const PARTS = ['objects', 'refs', 'packed-refs', 'reftable', 'logs', 'shallow', 'info/exclude'] as const;

/** Settings that say how files and objects are stored, each one word; nothing that can be run is among them. */
const PLAIN_SETTINGS =
  /^(core\.(filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|sparsecheckout|sparsecheckoutcone)|extensions\.(objectformat|refstorage))$/;

/**
 * Runs git in a repository without its own configuration: the agent that works in a submodule writes it, and git
 * runs what it says (filters, monitors, helpers, remotes).
 *
 * HEAD and index are the repository's own. For all else git is given a *mirror*: a temporary folder with links to
 * its objects and refs, and a configuration of ours (`GIT_COMMON_DIR`; contrib/workdir makes links of the same
 * kind). The mirror is a repository that can be fetched from, any commit of it by id.
 *
 * @param git the git of the repository around it. The mirror is made beside its own one (see `openDoor`), where no
 *   agent can write, or in its git directory
 */
export async function withInner<T>(
  git: Git,
  { gitDir, workTree }: InnerPlace,
  action: (inner: Git, mirror: string) => Promise<T>,
): Promise<T> {
  const commonDir = (await sharedBy(gitDir)) ?? gitDir;
  const own = git.place?.mirror;
  const folder = own === undefined ? await commonDirOf(git) : dirname(own);
  return withTemporaryFolder(folder, async (mirror) => {
    await fillMirror(git, commonDir, mirror);
    return action(git.inPlace({ workTree, gitDir, commonDir, mirror }), mirror);
  });
}

/**
 * True if something at this path can be a git directory: what git itself asks for (`is_git_directory`), without links
 * that lead elsewhere.
 */
export async function isGitDir(path: string): Promise<boolean> {
  if ((await kindOf(join(path, 'HEAD'))) !== 'file') return false;
  return (await hasObjects(path)) || (await sharedBy(path)) !== null;
}

/** What is at a path, links not followed. */
export async function kindOf(path: string): Promise<'missing' | 'directory' | 'file' | 'link' | 'other'> {
  try {
    const stats = await lstat(diskPath(path));
    if (stats.isDirectory()) return 'directory';
    return stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    throw error;
  }
}

async function hasObjects(path: string): Promise<boolean> {
  const kinds = await Promise.all(['objects', 'refs'].map((name) => kindOf(join(path, name))));
  return kinds.every((kind) => kind === 'directory');
}

/**
 * The git directory that a linked worktree shares with others, of which its own is a part; `null` for all else. A
 * `commondir` that leads anywhere else was not written by git.
 */
async function sharedBy(gitDir: string): Promise<string | null> {
  const link = join(gitDir, 'commondir');
  if ((await kindOf(link)) !== 'file') return null;
  const parent = dirname(await realpath(gitDir));
  const shared = dirname(parent);
  const named = await realpath(resolve(gitDir, (await readFile(link, 'utf8')).trimEnd())).catch(() => null);
  return basename(parent) === 'worktrees' && named === shared && (await hasObjects(shared)) ? shared : null;
}

async function fillMirror(git: Git, commonDir: string, mirror: string): Promise<void> {
  await mkdir(join(mirror, 'info'));
  // Links to what is missing are right: git writes through them.
  await Promise.all(PARTS.map((part) => symlink(join(commonDir, part), join(mirror, part))));
  await writeFile(join(mirror, 'HEAD'), 'ref: refs/heads/pwt-mirror\n');
  await writeFile(join(mirror, 'config'), await configurationFor(git, join(commonDir, 'config')));
}

async function configurationFor(git: Git, file: string): Promise<string> {
  const plain: string[] = [];
  if ((await kindOf(file)) === 'file') {
    const args = ['config', '--file', file, '--no-includes', '-z', '--list'];
    for (const record of await git.zRecords(args)) {
      const [key = '', value = ''] = record.split('\n', 2);
      if (!PLAIN_SETTINGS.test(key) || !/^[A-Za-z0-9]+$/.test(value)) continue;
      const [section, name] = key.split('.', 2);
      plain.push(`[${section}]\n\t${name} = ${value}\n`);
    }
  }
  const version = plain.some((line) => line.startsWith('[extensions]')) ? 1 : 0;
  return `[core]\n\trepositoryformatversion = ${version}\n\tbare = true\n${plain.join('')}[uploadpack]\n\tallowAnySHA1InWant = true\n`;
}
