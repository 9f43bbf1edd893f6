import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { decodeText, diskPath } from '../byte-text.js';
import type { Git } from '../git.js';
import type { IndexLine } from './scratch-index.js';

/**
 * Writes every file below a folder as a blob, byte for byte, and says where it belongs: no filter runs, nothing is
 * ignored, and nothing in the folder is run. Sockets and the like have no content and are left out.
 *
 * @param wanted whether to go into a path (relative to the folder). @default all
 */
export async function keepFiles(
  git: Git,
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Promise<IndexLine[]> {
  const files: { readonly path: string; readonly mode: string }[] = [];
  const lines: IndexLine[] = [];
  const visit = async (place: string): Promise<void> => {
    for (const name of (await readdir(diskPath(place), { encoding: 'buffer' })).map(decodeText).sort()) {
      const file = join(place, name);
      const path = relative(folder, file);
      if (!wanted(path)) continue;
      const stats = await lstat(diskPath(file));
      if (stats.isDirectory()) await visit(file);
      else if (stats.isFile()) files.push({ path, mode: (stats.mode & 0o100) === 0 ? '100644' : '100755' });
      else if (stats.isSymbolicLink())
        lines.push({
          path,
          mode: '120000',
          id: await keepText(git, decodeText(await readlink(diskPath(file), { encoding: 'buffer' }))),
        });
    }
  };
  await visit(folder);
  const ids = await keepAll(
    git,
    files.map(({ path }) => join(folder, path)),
  );
  return [...lines, ...files.map(({ path, mode }, index) => ({ path, mode, id: ids[index] ?? '' }))];
}

/** Writes a text as a blob. */
export function keepText(git: Git, input: string): Promise<string> {
  return git.text(['hash-object', '-w', '--no-filters', '--stdin'], { input });
}

async function keepAll(git: Git, files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  // A path in quotes is read like a C string: a newline in it is no new path.
  const input = files.map((file) => `${quoted(file)}\n`).join('');
  return git.lines(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input });
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
