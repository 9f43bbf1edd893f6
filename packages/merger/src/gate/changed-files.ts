import { writeFile } from 'node:fs/promises';
import { privateModes } from '@pwt/core';
import { diskPath } from '@pwt/git';

/** What git writes for these bytes inside quotes; every other byte that needs it is a backslash and three octal digits. */
const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

/** Writes paths as `git diff --name-only` prints them: sorted by their bytes, one a line, quoted where git quotes. */
export async function writeChangedFiles(file: string, paths: readonly string[]): Promise<void> {
  const names = [...new Set(paths)].map((path) => Buffer.from(diskPath(path))).sort(Buffer.compare);
  await writeFile(file, names.map((name) => `${quoted(name)}\n`).join(''), { mode: privateModes.file });
}

/** See `core.quotePath` in git-config(1), at its default. */
function quoted(name: Buffer): string {
  const text = [...name].map(quotedByte).join('');
  return text === name.toString('latin1') ? text : `"${text}"`;
}

function quotedByte(byte: number): string {
  const known = ESCAPES[byte];
  if (known !== undefined) return known;
  if (byte < 0x20 || byte >= 0x7f) return `\\${byte.toString(8).padStart(3, '0')}`;
  return String.fromCharCode(byte);
}
