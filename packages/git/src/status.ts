import { defined } from '@pwt/core';
import type { Git, GitRunOptions } from './git.js';

/** One letter of `git status`: unmodified, modified, type changed, added, deleted, renamed, copied. */
export type StatusCode = '.' | 'M' | 'T' | 'A' | 'D' | 'R' | 'C';

/** What is new in a submodule; of what is uncommitted in it nothing is said. */
export interface SubmoduleStatus {
  readonly commitChanged: boolean;
  readonly modified: boolean;
  readonly untracked: boolean;
}

/** A tracked path that differs between HEAD and index, or index and working tree. */
export interface TrackedChange {
  readonly kind: 'changed' | 'renamed';
  /** Relative to the top of the working tree, with `/`. */
  readonly path: string;
  /** The path before, for a rename or copy. */
  readonly from: string | null;
  /** HEAD against index. */
  readonly index: StatusCode;
  /** Index against working tree. */
  readonly worktree: StatusCode;
  /** `null` for anything but a submodule. */
  readonly submodule: SubmoduleStatus | null;
  /** File modes in octal; `000000` where there is none. */
  readonly headMode: string;
  readonly indexMode: string;
  readonly worktreeMode: string;
}

export type StatusEntry =
  | TrackedChange
  /** A path with a conflict; `code` is git's pair of letters, such as `UU` or `DU`. */
  | { readonly kind: 'unmerged'; readonly path: string; readonly code: string }
  /** A file, or with a final `/` a directory that git does not look into (a repository of its own). */
  | { readonly kind: 'untracked'; readonly path: string }
  /** A file, or with a final `/` a directory of which everything is ignored. */
  | { readonly kind: 'ignored'; readonly path: string };

export interface StatusOptions {
  /** As in `git status --ignored=<mode>`. @default 'no' */
  readonly ignored?: 'no' | 'traditional' | 'matching';
  /** As in `git status --untracked-files=<mode>`; `no` saves a walk through all folders. @default 'all' */
  readonly untracked?: 'no' | 'normal' | 'all';
  /** Pair a deleted and an added file of similar content. @default true */
  readonly renames?: boolean;
  /** Look at these paths and what is below them only; names with bytes that are not UTF-8 can't be given. @default all */
  readonly paths?: readonly string[] | undefined;
}

/** A worktree at one moment. */
export interface WorktreeStatus {
  /** The commit checked out; `null` while there is none. */
  readonly headCommit: string | null;
  /** Full name of the branch checked out, unborn or not; `null` if HEAD is detached. */
  readonly headBranch: string | null;
  /** Empty = clean. */
  readonly entries: StatusEntry[];
}

/**
 * What `git status` finds in the worktree of `git`; empty = clean, submodules
 * apart of which only the commit counts (`scanGitlinks` looks into them). Changes nothing, takes no lock.
 */
export async function readStatus(
  git: Git,
  options: StatusOptions & Pick<GitRunOptions, 'env'> = {},
): Promise<StatusEntry[]> {
  const { env, ...what } = options;
  return parseStatus(await git.zRecords(statusCommand(what), defined({ env })));
}

/** What is checked out in the worktree of `git`, and what `git status` finds there: in one process. */
export async function readWorktreeStatus(git: Git, options: StatusOptions = {}): Promise<WorktreeStatus> {
  const records = await git.zRecords(statusCommand(options, ['--branch', '--no-ahead-behind']));
  const [id, branch] = [header(records, 'branch.oid'), header(records, 'branch.head')];
  return {
    headCommit: id === '(initial)' ? null : id,
    headBranch: branch === '(detached)' ? null : `refs/heads/${branch}`,
    entries: parseStatus(records),
  };
}

function statusCommand(options: StatusOptions, more: readonly string[] = []): string[] {
  const { ignored = 'no', untracked = 'all', renames = true, paths } = options;
  return [
    ...['status', '--porcelain=v2', '-z', `--untracked-files=${untracked}`, `--ignored=${ignored}`],
    // Git does not work in submodules then, and runs nothing that is configured there.
    '--ignore-submodules=dirty',
    ...[renames ? '--find-renames' : '--no-renames'],
    ...more,
    ...(paths === undefined ? [] : ['--', ...paths]),
  ];
}

/** The value of a header line (`# branch.oid <id>`); headers come first. */
function header(records: readonly string[], name: string): string {
  const start = `# ${name} `;
  return records.find((record) => record.startsWith(start))?.slice(start.length) ?? '';
}

/** Reads the records of `git status --porcelain=v2 -z`. */
function parseStatus(records: readonly string[]): StatusEntry[] {
  const entries: StatusEntry[] = [];
  for (let index = 0; index < records.length; index++) {
    const record = records[index] ?? '';
    switch (record[0]) {
      case '1':
        entries.push(trackedChange('changed', fields(record, 9), null));
        break;
      case '2':
        // The path before comes as a record of its own.
        entries.push(trackedChange('renamed', fields(record, 10), records[++index] ?? ''));
        break;
      case 'u': {
        const [, code = '', , , , , , , , , path = ''] = fields(record, 11);
        entries.push({ kind: 'unmerged', path, code });
        break;
      }
      case '?':
        entries.push({ kind: 'untracked', path: record.slice(2) });
        break;
      case '!':
        entries.push({ kind: 'ignored', path: record.slice(2) });
        break;
    }
  }
  return entries;
}

function trackedChange(
  kind: TrackedChange['kind'],
  parts: readonly string[],
  from: string | null,
): TrackedChange {
  const [, codes = '..', submodule = 'N...', headMode = '', indexMode = '', worktreeMode = ''] = parts;
  return {
    kind,
    path: parts.at(-1) ?? '',
    from,
    index: codes[0] as StatusCode,
    worktree: codes[1] as StatusCode,
    submodule: parseSubmodule(submodule),
    headMode,
    indexMode,
    worktreeMode,
  };
}

function parseSubmodule(field: string): SubmoduleStatus | null {
  if (field[0] !== 'S') return null;
  return { commitChanged: field[1] === 'C', modified: field[2] === 'M', untracked: field[3] === 'U' };
}

/** Splits at spaces into `count` parts; the last keeps its spaces. */
function fields(record: string, count: number): string[] {
  const parts = record.split(' ');
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(' ')];
}
