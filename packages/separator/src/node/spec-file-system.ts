import { open, readdir, realpath } from 'node:fs/promises';

/** One entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** The few things that finding specs needs from a file system. Paths are absolute. */
export interface SpecFileSystem {
  /** Rejects with code `ENOENT` or `ENOTDIR` if there is no such folder. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** The path with all symbolic links followed. */
  realPath(path: string): Promise<string>;
  /** At most `maxBytes` bytes of a file, and its whole size. */
  read(path: string, maxBytes: number): Promise<{ readonly bytes: Uint8Array; readonly sizeBytes: number }>;
}

/** The file system of this machine. */
export const nodeSpecFileSystem: SpecFileSystem = {
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      kind: entry.isFile()
        ? 'file'
        : entry.isDirectory()
          ? 'folder'
          : entry.isSymbolicLink()
            ? 'link'
            : 'other',
    }));
  },
  realPath: (path) => realpath(path),
  async read(path, maxBytes) {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = new Uint8Array(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return { bytes: buffer.subarray(0, bytesRead), sizeBytes: size };
    } finally {
      await file.close();
    }
  },
};
