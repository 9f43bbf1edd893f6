import { decodeText } from './byte-text.js';

/** One entry of one directory. */
export interface TreeEntry {
  readonly name: string;
  /** In octal, six digits, as `git ls-tree` prints it. */
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly id: string;
}

const SHA1_BYTES = 20;

/** Reads the content of a tree object of a SHA-1 repository. */
export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0; start < content.length; ) {
    const space = content.indexOf(0x20, start);
    const end = content.indexOf(0, space);
    const mode = canonicalMode(Number.parseInt(content.toString('latin1', start, space), 8));
    entries.push({
      name: decodeText(content.subarray(space + 1, end)),
      mode,
      type: mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob',
      id: content.toString('hex', end + 1, end + 1 + SHA1_BYTES),
    });
    start = end + 1 + SHA1_BYTES;
  }
  return entries;
}

/** Old trees hold modes such as 100664; of a file's mode git only reads the owner's executable bit. */
function canonicalMode(mode: number): string {
  switch (mode & 0o170000) {
    case 0o100000:
      return (mode & 0o100) === 0 ? '100644' : '100755';
    case 0o120000:
      return '120000';
    case 0o040000:
      return '040000';
    default:
      return '160000';
  }
}
