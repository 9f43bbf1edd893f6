import { open } from 'node:fs/promises';

/** The lines in the first or last bytes of a file, without those that the cut went through. */
export async function linesOf(path: string, end: 'head' | 'tail', maxBytes: number): Promise<string[]> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = end === 'head' ? 0 : Math.max(0, size - maxBytes);
    const buffer = Buffer.alloc(Math.min(maxBytes, size - start));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    if (start > 0) lines.shift();
    if (start + bytesRead < size) lines.pop();
    return lines;
  } finally {
    await file.close();
  }
}
