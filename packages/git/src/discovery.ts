import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Git } from './git.js';
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
  // In a row, so that "not a repository" is reported once and by the command that asks for it.
  const gitDir = await git.text(['rev-parse', '--absolute-git-dir']);
  const [cwd, commonDir, topLevel, facts, head, headCommit, config] = await Promise.all([
    realpath(git.cwd),
    git.text(['rev-parse', '--git-common-dir']),
    git.run(['rev-parse', '--show-toplevel'], { okExitCodes: [0, 128] }),
    git.lines(['rev-parse', '--is-bare-repository', '--is-shallow-repository', '--show-object-format']),
    git.run(['symbolic-ref', '--quiet', 'HEAD'], { okExitCodes: [0, 1] }),
    resolveCommit(git, 'HEAD'),
    readConfig(git),
  ]);
  const [bare, shallow, objectFormat] = facts;
  const absoluteCommonDir = resolve(cwd, commonDir);
  const extensions = Object.fromEntries(
    [...config].flatMap(([key, value]) =>
      key.startsWith('extensions.') ? [[key.slice('extensions.'.length), value]] : [],
    ),
  );
  return {
    topLevel: topLevel.exitCode === 0 ? topLevel.stdout.replace(/\n$/, '') : null,
    gitDir,
    commonDir: absoluteCommonDir,
    bare: bare === 'true',
    headBranch: head.exitCode === 0 ? head.stdout.trimEnd() : null,
    headCommit,
    objectFormat: objectFormat === 'sha256' ? 'sha256' : 'sha1',
    refFormat: extensions.refstorage ?? 'files',
    shallow: shallow === 'true',
    partialClone: 'partialclone' in extensions || [...config].some(isPromisor),
    sparse: isTrue(config.get('core.sparsecheckout')),
    alternates: await hasAlternates(absoluteCommonDir),
    extensions,
  };
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
