import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.js';
import { gitDirOf } from './git-dir.js';
import { withTemporaryFolder } from './temporary-folder.js';

/** Three versions of a file. */
export interface ThreeTexts {
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/**
 * Merges three versions of a text, and what git can't merge line by line: where all three have the same number of lines, each
 * line is that of the side that has changed it.
 *
 * @returns `undefined` if a line was changed by both sides, each in its way; if one side has more lines there; or for what is
 *   no text
 */
export async function joinLines(git: Git, texts: ThreeTexts): Promise<Buffer | undefined> {
  const { base, ours, theirs } = texts;
  if ([base, ours, theirs].some((text) => text.includes(0))) return undefined;
  // Bytes stay what they are, whatever the encoding.
  const [was, left, right] = [base, ours, theirs].map((text) => text.toString('latin1')) as [
    string,
    string,
    string,
  ];
  const markerSize = longestMarker([was, left, right]) + 1;
  const merged = await withTemporaryFolder(await gitDirOf(git), async (folder) => {
    // A last line without its end is one like the others while they are compared.
    for (const [name, text] of [['ours', left] as const, ['base', was] as const, ['theirs', right] as const])
      await writeFile(join(folder, name), isEnded(text) ? text : `${text}\n`, 'latin1');
    const names = ['ours', 'base', 'theirs'];
    const { stdout } = await git.runBytes(
      [
        ...['merge-file', '--quiet', '--stdout', '--diff3', `--marker-size=${markerSize}`],
        ...names.flatMap((name) => ['-L', name]),
        ...names.map((name) => join(folder, name)),
      ],
      { okExitCodes: CONFLICTS },
    );
    return stdout.toString('latin1');
  });
  const joined = resolved(merged, markerSize);
  if (joined === undefined) return undefined;
  const ends = oneOf(isEnded(was), isEnded(left), isEnded(right));
  return Buffer.from(ends === false ? joined.replace(/\n$/, '') : joined, 'latin1');
}

/**
 * True where {@link joinLines} has nothing to search for: all three have the same number of lines, and each was changed by one
 * side at most, or by both in the same way. Pure.
 */
export function joinsLineByLine({ base, ours, theirs }: ThreeTexts): boolean {
  const [was, left, right] = [base, ours, theirs].map((text) => text.toString('latin1').split('\n'));
  return was !== undefined && joinHunk({ base: was, ours: left ?? [], theirs: right ?? [] }) !== undefined;
}

/** How `git merge-file` ends: with the number of conflicts, this many at most. */
const CONFLICTS = Array.from({ length: 128 }, (_, count) => count);

function isEnded(text: string): boolean {
  return text === '' || text.endsWith('\n');
}

/** The longest line start that looks like a conflict marker; what git writes must not be taken for it. */
function longestMarker(texts: readonly string[]): number {
  const found = texts.flatMap((text) =>
    [...text.matchAll(/^(?:<+|=+|>+|\|+)/gm)].map(([mark]) => mark.length),
  );
  return found.reduce((longest, length) => Math.max(longest, length), 6);
}

type Part = 'ours' | 'base' | 'theirs';

/** A merged text with its conflicts resolved line by line; `undefined` if one can't be. */
function resolved(merged: string, markerSize: number): string | undefined {
  const marks = new Map([
    ['<', 'ours'],
    ['|', 'base'],
    ['=', 'theirs'],
    ['>', 'end'],
  ]);
  const lines: string[] = [];
  let hunk: Record<Part, string[]> = { ours: [], base: [], theirs: [] };
  let part: Part | undefined;
  for (const line of merged.split(/(?<=\n)/)) {
    const first = line[0] ?? '';
    const mark = line.startsWith(first.repeat(markerSize)) ? marks.get(first) : undefined;
    if (mark === undefined) (part === undefined ? lines : hunk[part]).push(line);
    else if (mark !== 'end') part = mark as Part;
    else {
      const joined = joinHunk(hunk);
      if (joined === undefined) return undefined;
      lines.push(...joined);
      hunk = { ours: [], base: [], theirs: [] };
      part = undefined;
    }
  }
  return lines.join('');
}

function joinHunk({ base, ours, theirs }: Readonly<Record<Part, readonly string[]>>): string[] | undefined {
  if (ours.length !== base.length || theirs.length !== base.length) return undefined;
  const joined: string[] = [];
  for (const [index, was] of base.entries()) {
    const line = oneOf(was, ours[index], theirs[index]);
    if (line === undefined) return undefined;
    joined.push(line);
  }
  return joined;
}

/** What became of something that one side at most has changed, or both in the same way; `undefined` otherwise. */
function oneOf<T>(base: T, ours: T, theirs: T): T | undefined {
  if (ours === base) return theirs;
  return theirs === base || theirs === ours ? ours : undefined;
}
