import { readFile } from 'node:fs/promises';

/** The text of a file; empty if there is none, or nothing that can be read. */
export async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(error.code ?? '')) return '';
    throw error;
  });
}
