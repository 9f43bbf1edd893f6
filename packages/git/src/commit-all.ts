import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyIndexFile } from './copy-index-file.js';
import type { Git } from './git.js';
import { readGitDir } from './git-dir.js';
import { findHidden } from './hidden.js';
import { type Identity, identityEnvironment } from './identity.js';
import { unflag } from './index-flags.js';
import { findInnerGitDir } from './inner/find.js';
import { type Gitlink, listGitlinks } from './inner/gitlinks.js';
import { kindOf } from './inner/mirror.js';
import { retryWhileLocked } from './lock.js';
import { readMergeHead } from './onto/merge-state.js';
import { resolveCommit, resolveObject } from './refs.js';
import { withTemporaryFolder } from './temporary-folder.js';

export interface CommitAllRequest {
  /** Taken as it is, without clean-up. */
  readonly message: string;
  /** Without one, as git is configured. */
  readonly author?: Identity;
  readonly committer?: Identity;
  /** Paths below the top, taken literally, that are left as they are in the index. */
  readonly exclude?: readonly string[];
  /** A merge is under way, and this is its commit: it is made even if it changes nothing. @default false */
  readonly merge?: boolean;
  /** The commits that these paths are set to. Git does not look into what is there. */
  readonly gitlinks?: readonly Gitlink[];
}

export type CommitAllOutcome =
  | { readonly status: 'committed'; readonly commit: string }
  /** There was nothing to commit; `commit` is HEAD. */
  | { readonly status: 'unchanged'; readonly commit: string };

/**
 * Commits everything in the worktree of `git` that is not ignored (staged, unstaged, untracked, deleted) on
 * what is checked out there, edits at which git was told not to look included.
 *
 * No hook runs, and the commit is not signed even with `commit.gpgSign`: it is made in the name of an
 * unattended agent, and a passphrase prompt would wait for ever. Conflict markers of a merge in progress
 * would be committed as they are: check {@link readStatus} first.
 *
 * @throws PWT_GIT_FAILED, also for a nested repository without a commit, which git cannot add
 */
export async function commitAll(git: Git, request: CommitAllRequest): Promise<CommitAllOutcome> {
  await retryWhileLocked(() => prepareIndex(git), git);
  await retryWhileLocked(() => addAll(git, {}, request), git);
  const before = await resolveCommit(git, 'HEAD');
  await retryWhileLocked(() => commitStaged(git, request), git);
  const commit = await git.text(['rev-parse', '--verify', 'HEAD']);
  return { status: commit === before ? 'unchanged' : 'committed', commit };
}

/** Does nothing if nothing is staged and there is a commit, so that it can be repeated after a kill. */
async function commitStaged(git: Git, request: CommitAllRequest): Promise<void> {
  const { exitCode } = await git.run(['diff', '--cached', '--quiet', '--no-ext-diff', '--'], {
    okExitCodes: [0, 1],
  });
  const isMerge = request.merge === true && (await readMergeHead(git)) !== null;
  if (exitCode === 0 && !isMerge && (await resolveCommit(git, 'HEAD')) !== null) return;
  const unattended = [
    '--quiet',
    '--no-verify',
    '--no-gpg-sign',
    '--cleanup=verbatim',
    '--allow-empty-message',
  ];
  await git.run(['commit', ...unattended, '--file=-'], {
    input: request.message,
    env: identityEnvironment(request.author, request.committer),
  });
}

/**
 * Writes the worktree of `git` (all that is not ignored) as a tree and returns its id. Index, HEAD, working
 * tree and stash stay as they are, and no lock on them is taken: it works beside a busy agent.
 */
export async function writeWorktreeTree(
  git: Git,
  options: Pick<CommitAllRequest, 'exclude' | 'gitlinks'> = {},
): Promise<string> {
  return withTemporaryFolder(await readGitDir(git), async (folder) => {
    const index = join(folder, 'index');
    const env = { GIT_INDEX_FILE: index };
    // With the old index as a start, unchanged files need no second look.
    if (!(await copyIndexFile(await indexFile(git), index))) await fillIndex(git, env);
    await addAll(git, env, options);
    return git.text(['write-tree'], { env });
  });
}

async function addAll(
  git: Git,
  env: Readonly<Record<string, string>>,
  { exclude: left = [], gitlinks = [] }: Pick<CommitAllRequest, 'exclude' | 'gitlinks'>,
): Promise<void> {
  const hidden = await findHidden(git, { index: env.GIT_INDEX_FILE });
  await unflag(
    git,
    hidden.filter(({ path }) => !left.includes(path)),
    { env },
  );
  const known = [...left, ...gitlinks.map(({ path }) => path)];
  const { own, others } = await populated(git, env, new Set(known));
  const exclude = [...known, ...own, ...others];
  if (own.length > 0) {
    const input = own.map((path) => `${path}\0`).join('');
    await git.run(['update-index', '--add', '-z', '--stdin'], { env, input });
  }
  if (gitlinks.length > 0) {
    const lines = gitlinks.map(({ path, commit }) => `160000 ${commit}\t${path}\0`);
    await git.run(['update-index', '-z', '--index-info'], { env, input: lines.join('') });
  }
  // Without it git refuses a new file outside of a sparse checkout. Files that are absent by it stay in the index.
  const sparse = (await git.features()).addSparse ? ['--sparse'] : [];
  const add = ['add', '--all', ...sparse];
  if (exclude.length === 0) {
    await git.run([...add, '--', '.'], { env });
    return;
  }
  // Exclusion is pattern magic, so here alone pathspecs are not literal, but each excluded path is. On standard
  // input there is room for all of them, and for names that are no UTF-8.
  const pathspecs = [':(top)', ...exclude.map((path) => `:(top,exclude,literal)${path}`)];
  await git.run([...add, '--pathspec-from-file=-', '--pathspec-file-nul'], {
    input: pathspecs.map((pathspec) => `${pathspec}\0`).join(''),
    env: { ...env, GIT_LITERAL_PATHSPECS: '0' },
  });
}

/**
 * Gitlinks with a `.git` in their place. `git add` would run `git status` in there, by its own configuration;
 * `update-index` only reads which commit it is on, and is let into repositories of the worktree alone.
 */
async function populated(
  git: Git,
  env: Readonly<Record<string, string>>,
  known: ReadonlySet<string>,
): Promise<{ readonly own: readonly string[]; readonly others: readonly string[] }> {
  const links = (await listGitlinks(git, { env })).filter(({ path }) => !known.has(path));
  const own: string[] = [];
  const others: string[] = [];
  if (links.length === 0) return { own, others };
  const around = { workTree: git.cwd, gitDir: await readGitDir(git) };
  for (const { path } of links) {
    const folder = join(git.cwd, path);
    if ((await findInnerGitDir(folder, { around })) !== null) own.push(path);
    else if ((await kindOf(join(folder, '.git'))) !== 'missing') others.push(path);
  }
  return { own, others };
}

/**
 * Rebuilds an index that is missing (deleted by hand, say): without one, `git add` would record every file that a
 * sparse checkout leaves out as deleted.
 */
async function prepareIndex(git: Git): Promise<void> {
  const index = await indexFile(git);
  const isThere = await stat(index).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (!isThere) await fillIndex(git, {});
}

/** The files of HEAD as index; those that a sparse checkout leaves out are marked as such. */
async function fillIndex(git: Git, env: Readonly<Record<string, string>>): Promise<void> {
  if ((await resolveObject(git, 'HEAD')) === null) return;
  await git.run(['reset', '--quiet', '--', '.'], { env });
}

async function indexFile(git: Git): Promise<string> {
  return join(await readGitDir(git), 'index');
}
