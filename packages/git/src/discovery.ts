import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.js';
import { type GitDirectories, readHeadFiles } from './head.js';
import { locate } from './locate.js';
import { resolveCommit } from './refs.js';

/** What pwt knows about a repository, seen from one directory. Paths are absolute. */
export interface Repository {
  /** Top of the working tree that holds the directory; `null` in a bare repository or inside `.git`. */
  readonly topLevel: string | null;
  /** This working tree's own git directory (`.git`, or `.git/worktrees/<name>` in a linked worktree). */
  readonly gitDir: string;
  /** The git directory that all worktrees share: objects, refs, configuration. */
  readonly commonDir: string;
  readonly bare: boolean;
  /** Full name of the branch checked out (`refs/heads/main`), unborn or not; `null` if HEAD is detached. */
  readonly headBranch: string | null;
  /** Id of the commit checked out; `null` while there is none. */
  readonly headCommit: string | null;
  readonly objectFormat: 'sha1' | 'sha256';
  /** How refs are stored: `files`, `reftable`, or a name that a later git brings. */
  readonly refFormat: string;
  /** History is cut off. */
  readonly shallow: boolean;
  /** Objects may be missing here and be fetched on demand. */
  readonly partialClone: boolean;
  /** Only a part of the tree is checked out. */
  readonly sparse: boolean;
  /** Objects are borrowed from another repository. */
  readonly alternates: boolean;
  /** `extensions.*` of the configuration, keys in lower case without the prefix. */
  readonly extensions: Readonly<Record<string, string>>;
}

/**
 * Looks at the repository that holds the directory of `git`.
 *
 * @throws PWT_NOT_A_REPOSITORY, PWT_GIT_UNSAFE_OWNER, PWT_GIT_NOT_FOUND, PWT_CWD_NOT_FOUND
 */
export async function discoverRepository(git: Git): Promise<Repository> {
  const { commonDir, ...location } = await locate(git);
  const [head, config] = await Promise.all([
    describeHead(git, { gitDir: location.gitDir, commonDir }),
    readConfig(git),
  ]);
  const extensions = Object.fromEntries(
    [...config].flatMap(([key, value]) =>
      key.startsWith('extensions.') ? [[key.slice('extensions.'.length), value]] : [],
    ),
  );
  return {
    ...location,
    commonDir,
    headBranch: head.branch,
    headCommit: head.commit,
    refFormat: extensions.refstorage ?? 'files',
    partialClone: 'partialclone' in extensions || [...config].some(isPromisor),
    sparse: isTrue(config.get('core.sparsecheckout')),
    alternates: await hasAlternates(commonDir),
    extensions,
  };
}

/** What is checked out; the branch is known before there is a commit, too. */
async function describeHead(
  git: Git,
  where: GitDirectories,
): Promise<{ readonly branch: string | null; readonly commit: string | null }> {
  const known = await readHeadFiles(where);
  if (known) return known;
  const [head, commit] = await Promise.all([
    git.run(['symbolic-ref', '--quiet', 'HEAD'], { okExitCodes: [0, 1] }),
    resolveCommit(git, 'HEAD'),
  ]);
  return { branch: head.exitCode === 0 ? head.stdout.trimEnd() : null, commit };
}

/** The last value of each key that matters here, keys in lower case. */
async function readConfig(git: Git): Promise<Map<string, string>> {
  const { stdout } = await git.run(
    ['config', '-z', '--get-regexp', '^(extensions\\.|core\\.sparsecheckout$|remote\\..*\\.promisor$)'],
    { okExitCodes: [0, 1] },
  );
  const records = stdout.split('\0').filter((record) => record !== '');
  return new Map(
    records.map((record) => {
      const end = record.indexOf('\n');
      // A key without `=` has no newline and means true.
      return end === -1 ? [record, 'true'] : [record.slice(0, end), record.slice(end + 1)];
    }),
  );
}

function isPromisor([key, value]: readonly [string, string]): boolean {
  return key.endsWith('.promisor') && isTrue(value);
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|[1-9]\d*)$/i.test(value);
}

async function hasAlternates(commonDir: string): Promise<boolean> {
  try {
    return (await readFile(join(commonDir, 'objects/info/alternates'), 'utf8')).trim() !== '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
