import { readFile } from 'node:fs/promises';

/** Bits of an entry (gitformat-index). */
const ASSUME_VALID = 0x8000;
const EXTENDED = 0x4000;
const NAME_LENGTH = 0x0fff;
const SKIP_WORKTREE = 0x4000;
const HEADER_BYTES = 12;
/** Times, place, mode, owner and size, before the id. */
const STAT_BYTES = 40;
/** Where the mode is among those. */
const MODE_AT = 24;
const GITLINK = 0o160000;

/**
 * True if an entry of an index is flagged as unchanged (`assume-unchanged`) or as not checked out
 * (`skip-worktree`), or if that cannot be told from the file alone: an index that is split, sparse, damaged, or in a
 * format to come. Reads the file and asks no git: almost no index has such flags.
 */
export async function mayHaveFlags(index: string): Promise<boolean> {
  return mayHave(index, ['flag']);
}

/**
 * True if an entry is flagged like that or is a submodule's, or if the file alone does not tell. In a worktree with such
 * entries, `git checkout --force` leaves things as they are that belong to no commit.
 */
export async function mayEscapeCheckout(index: string): Promise<boolean> {
  return mayHave(index, ['flag', 'gitlink']);
}

/** True if an entry is a submodule's, or if the file alone does not tell. */
export async function mayHaveGitlinks(index: string): Promise<boolean> {
  return mayHave(index, ['gitlink']);
}

type Oddity = 'flag' | 'gitlink';

async function mayHave(index: string, what: readonly Oddity[]): Promise<boolean> {
  const bytes = await readFile(index).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null) return false;
  // The file does not say how long its ids are; only with the right length it can be read to its end.
  return [20, 32].every((idBytes) => readEntries(bytes, idBytes, what) !== 'none');
}

function readEntries(
  bytes: Buffer,
  idBytes: number,
  what: readonly Oddity[],
): 'none' | 'some' | 'unreadable' {
  if (bytes.length < HEADER_BYTES + idBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return 'unreadable';
  const [version, count] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  if (version < 2 || version > 4) return 'unreadable';
  const end = bytes.length - idBytes;
  const [flagged, linked] = [what.includes('flag'), what.includes('gitlink')];
  let at = HEADER_BYTES;
  for (let entry = 0; entry < count; entry += 1) {
    const start = at;
    at += STAT_BYTES + idBytes;
    if (at + 4 > end) return 'unreadable';
    if (linked && bytes.readUInt32BE(start + MODE_AT) === GITLINK) return 'some';
    const flags = bytes.readUInt16BE(at);
    at += 2;
    if (flagged && flags & ASSUME_VALID) return 'some';
    if (flags & EXTENDED) {
      if (flagged && bytes.readUInt16BE(at) & SKIP_WORKTREE) return 'some';
      at += 2;
    }
    at =
      version === 4 ? endOfSuffix(bytes, at) : endOfName(bytes, { start, at, length: flags & NAME_LENGTH });
    if (at > end) return 'unreadable';
  }
  return areKnownExtensions(bytes, at, end) ? 'none' : 'unreadable';
}

/** Names end with 1 to 8 zeros, so that entries are a multiple of eight bytes long. */
function endOfName(
  bytes: Buffer,
  { start, at, length }: { readonly start: number; readonly at: number; readonly length: number },
): number {
  const zero = length < NAME_LENGTH ? at + length : bytes.indexOf(0, at);
  if (bytes[zero] !== 0) return Number.POSITIVE_INFINITY;
  return start + (Math.floor((zero - start) / 8) + 1) * 8;
}

/** In version 4: how much of the name before is dropped, then what follows it, to a zero. */
function endOfSuffix(bytes: Buffer, at: number): number {
  let next = at;
  while ((bytes[next] ?? 0) & 0x80) next += 1;
  const zero = bytes.indexOf(0, next + 1);
  return zero === -1 ? Number.POSITIVE_INFINITY : zero + 1;
}

/** Those with a small first letter say that entries are elsewhere, or stand for whole folders. */
function areKnownExtensions(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at + 8 <= end) {
    if (!/^[A-Z]{4}$/.test(bytes.toString('latin1', at, at + 4))) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}
