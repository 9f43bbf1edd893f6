import { isUtf8 } from 'node:buffer';

/** The first of the code units that stand for a byte that is not UTF-8: 0xDC00 + byte. */
const ESCAPE = 0xdc00;
const ESCAPED = /([\udc80-\udcff])/u;

/**
 * The output of git as text, from which {@link encodeText} restores the same bytes.
 *
 * A file name is bytes, and not always UTF-8. Each byte that is not becomes a lone surrogate (as in Python's
 * `surrogateescape`): unlike U+FFFD it keeps two such names apart, survives JSON, and is printed as U+FFFD.
 */
export function decodeText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    const end = at + length;
    if (length > 0 && end <= bytes.length && isUtf8(bytes.subarray(at, end))) {
      at = end;
      continue;
    }
    parts.push(bytes.toString('utf8', start, at), String.fromCharCode(ESCAPE + (bytes[at] ?? 0)));
    start = ++at;
  }
  return parts.join('') + bytes.toString('utf8', start);
}

/** The bytes of a text that came from {@link decodeText}, or of any other as UTF-8. */
export function encodeText(text: string): string | Buffer {
  if (!ESCAPED.test(text)) return text;
  return Buffer.concat(
    text
      .split(ESCAPED)
      .map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - ESCAPE) : Buffer.from(part))),
  );
}

/** True if a text is not exactly the path that it was read from: a byte of the path is not UTF-8, or was lost. */
export function isNotUtf8(text: string): boolean {
  return ESCAPED.test(text) || text.includes('\ufffd');
}

/** A path as git named it, in the form in which the file system takes it. */
export function diskPath(path: string): string | Buffer {
  return encodeText(path);
}

/** How many bytes a character takes that starts with this one; 0 if none does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}
