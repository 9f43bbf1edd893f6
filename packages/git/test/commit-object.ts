/** Who, and when: `timestamp` in seconds since the epoch, `timezone` as git writes it (`+0100`). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly timestamp: number;
  readonly timezone: string;
}

/** A commit as it is stored: grafts, shallow borders and replacements do not show. */
export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Reads the content of a commit object. */
export function parseCommit(id: string, content: Buffer): Commit {
  const end = content.indexOf('\n\n');
  const head = end === -1 ? content : content.subarray(0, end);
  const encoding = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1] ?? 'utf-8';
  const headers = decode(head, encoding)
    .split('\n')
    // A signature goes on over lines that start with a space.
    .filter((line) => !line.startsWith(' '))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const values = (name: string) => headers.filter(([key]) => key === name).map(([, value]) => value);
  return {
    id,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: end === -1 ? '' : decode(content.subarray(end + 2), encoding),
  };
}

function parseSignature(line: string): Signature {
  const [, name = '', email = '', timestamp = '0', timezone = '+0000'] =
    /^(.*?) ?<([^>]*)> (\d+) ([+-]\d+)$/.exec(line) ?? [];
  return { name, email, timestamp: Number(timestamp), timezone };
}

/** Without a declared encoding, or with one that Node does not know, a commit is UTF-8. */
function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
