import type { Git } from './git.js';
import { retryWhileLocked } from './lock.js';

/** One entry of `git worktree list`. */
export interface WorktreeEntry {
  /** Absolute, as git recorded it. */
  readonly path: string;
  /** `null` in a bare repository and on an unborn branch. */
  readonly headCommit: string | null;
  /** Full name of the branch checked out; `null` if detached or bare. */
  readonly branch: string | null;
  readonly bare: boolean;
  /** Why it is locked, maybe with an empty reason; `null` if it is not. */
  readonly locked: string | null;
  /** Why `git worktree prune` would drop it (its directory is gone); `null` if it would not. */
  readonly prunable: string | null;
}

/**
 * The worktrees of the repository, the main one first.
 *
 * Before git 2.36 there is no `-z`: a path with a newline comes back cut off there.
 */
export async function listWorktrees(git: Git): Promise<WorktreeEntry[]> {
  const { worktreeListZ } = await git.features();
  const args = ['worktree', 'list', '--porcelain'];
  const lines = await retryWhileLocked(() =>
    worktreeListZ ? git.zRecords([...args, '-z']) : git.lines(args),
  );
  return parseWorktreeList(lines);
}

/** Reads attribute lines, with an empty one after each entry. */
export function parseWorktreeList(lines: readonly string[]): WorktreeEntry[] {
  const entries: WorktreeEntry[] = [];
  let attributes = new Map<string, string>();
  for (const line of [...lines, '']) {
    if (line !== '') {
      const [name, value] = splitOnce(line);
      attributes.set(name, value);
    } else if (attributes.size > 0) {
      entries.push(toEntry(attributes));
      attributes = new Map();
    }
  }
  return entries;
}

function toEntry(attributes: ReadonlyMap<string, string>): WorktreeEntry {
  const head = attributes.get('HEAD');
  return {
    path: attributes.get('worktree') ?? '',
    headCommit: head === undefined || /^0+$/.test(head) ? null : head,
    branch: attributes.get('branch') ?? null,
    bare: attributes.has('bare'),
    locked: attributes.get('locked') ?? null,
    prunable: attributes.get('prunable') ?? null,
  };
}

function splitOnce(line: string): [name: string, value: string] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
