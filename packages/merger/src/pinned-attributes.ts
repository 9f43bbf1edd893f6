import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Git } from '@pwt/git';

/** What has to be known to merge with the attributes of a commit and no others. */
export interface PinnedAttributesRequest {
  readonly git: Git;
  /** The git directory that all worktrees share. */
  readonly commonDir: string;
  /** The commit whose `.gitattributes` files count. */
  readonly commit: string;
}

/**
 * Runs an action with a git that reads `.gitattributes` from one commit only.
 *
 * git takes attributes from the working tree around it, uncommitted ones included, and from the user's and
 * the system's own files; they choose merge drivers, so they would change what a merge gives. `--attr-source`
 * exists since git 2.41 only. Here the action's git runs in an empty working tree of the same repository
 * that holds nothing but the attribute files of the commit, which every release understands.
 *
 * Not covered: `info/attributes` of the repository itself, which no release lets a command leave out.
 */
export async function withPinnedAttributes<T>(
  { git, commonDir, commit }: PinnedAttributesRequest,
  action: (git: Git) => Promise<T>,
): Promise<T> {
  const workTree = await mkdtemp(join(tmpdir(), 'pwt-merge-'));
  try {
    await writeFile(join(workTree, '.git'), `gitdir: ${commonDir}\n`);
    await writeAttributes(git, commit, workTree);
    return await action(git.at(workTree));
  } finally {
    await rm(workTree, { recursive: true, force: true });
  }
}

async function writeAttributes(git: Git, commit: string, workTree: string): Promise<void> {
  await writeFile(join(workTree, ROOT), RESET);
  for (const { path, id } of await attributeFiles(git, commit)) {
    const { stdout } = await git.runBytes(['cat-file', 'blob', id]);
    const file = join(workTree, path);
    const reset = path === ROOT ? RESET : '';
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.concat([Buffer.from(reset), stdout]));
  }
}

async function attributeFiles(git: Git, commit: string): Promise<{ path: string; id: string }[]> {
  const { stdout: emptyTree } = await git.run(['hash-object', '-t', 'tree', '--stdin']);
  const records = await git.zRecords(
    ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', emptyTree.trim(), commit, '--', GLOB],
    { env: { GIT_LITERAL_PATHSPECS: '0' } },
  );
  const files: { path: string; id: string }[] = [];
  for (let index = 0; index + 1 < records.length; index += 2) {
    const [, mode = '', , id = ''] = (records[index] ?? '').split(' ');
    // git does not follow a symbolic link of that name either.
    if (mode.startsWith('100')) files.push({ path: records[index + 1] ?? '', id });
  }
  return files;
}

const GLOB = ':(top,glob)**/.gitattributes';
const ROOT = '.gitattributes';
/** A file in the tree wins over the user's and the system's: this line takes back whatever they say. */
const RESET = '* !merge !conflict-marker-size\n';
