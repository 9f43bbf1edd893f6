import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';

/** Of larger files no digest is made. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What a path holds, as {@link IntrudedFile.digest}; `undefined` for what is no file, or too large. */
export async function contentDigest(path: string): Promise<string | null | undefined> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return sha256(`link ${await readlink(path)}`);
    if (!stats.isFile() || stats.size > MOST_BYTES) return undefined;
    return sha256(await readFile(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : undefined;
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
