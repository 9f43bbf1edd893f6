import type { Git } from './git.js';

/** How one path differs between two trees. */
export interface ChangedFile {
  /** Added, deleted, modified, type changed, renamed, copied. */
  readonly status: 'A' | 'D' | 'M' | 'T' | 'R' | 'C';
  /** Relative to the top of the tree, with `/`. */
  readonly path: string;
  /** The path before, for a rename or copy. */
  readonly from: string | null;
  /** File modes in octal (`100644`, `100755`, `120000` symlink, `160000` submodule; `000000` none). */
  readonly oldMode: string;
  readonly newMode: string;
  /** Ids of the content; all zeros where there is none. */
  readonly oldId: string;
  readonly newId: string;
}

/** Lines of one path between two trees; `null` for binary content. */
export interface FileStat {
  readonly path: string;
  readonly from: string | null;
  readonly added: number | null;
  readonly deleted: number | null;
}

export interface DiffRequest {
  /** A commit or tree. */
  readonly from: string;
  readonly to: string;
  /** Pair a deleted and an added file of similar content. @default true */
  readonly renames?: boolean;
}

/** The paths that differ between two commits or trees. */
export async function changedFiles(git: Git, request: DiffRequest): Promise<ChangedFile[]> {
  const records = await git.zRecords(diffTree(request, ['--raw', '--no-abbrev']));
  const files: ChangedFile[] = [];
  for (let index = 0; index < records.length; ) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', code = ''] = (records[index++] ?? '').split(
      ' ',
    );
    const status = code[0] as ChangedFile['status'];
    const first = records[index++] ?? '';
    const [from, path] = status === 'R' || status === 'C' ? [first, records[index++] ?? ''] : [null, first];
    files.push({ status, path, from, oldMode: oldMode.slice(1), newMode, oldId, newId });
  }
  return files;
}

/** Added and deleted lines per path between two commits or trees. */
export async function fileStats(git: Git, request: DiffRequest): Promise<FileStat[]> {
  const records = await git.zRecords(diffTree(request, ['--numstat']));
  const stats: FileStat[] = [];
  for (let index = 0; index < records.length; ) {
    const [added = '', deleted = '', ...rest] = (records[index++] ?? '').split('\t');
    // A name may hold a tab. An empty one announces a rename: both ends follow as records.
    const name = rest.join('\t');
    const [from, path] = name === '' ? [records[index++] ?? '', records[index++] ?? ''] : [null, name];
    stats.push({ path, from, added: count(added), deleted: count(deleted) });
  }
  return stats;
}

function diffTree(request: DiffRequest, format: readonly string[]): string[] {
  const renames = request.renames === false ? '--no-renames' : '--find-renames';
  return [
    ...['diff-tree', '-r', '-z', '--no-commit-id', '--no-ext-diff', '--no-textconv', renames, ...format],
    ...['--end-of-options', request.from, request.to, '--'],
  ];
}

function count(field: string): number | null {
  return field === '-' ? null : Number(field);
}
