import { type BigIntStats, closeSync, constants, openSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskPath, type Quarantine } from '@pwt/git';
import type { Conversion } from './conversion.js';
import type { FileEntry } from './entries.js';
import { nothingIfGone, RealFolders, statsAt } from './real-folders.js';

/** What is found at a path. `convert`: git has to read it, as its attributes ask for. */
export type FoundFile =
  | { readonly kind: 'nothing' | 'folder' }
  | { readonly kind: 'file'; readonly entry: FileEntry }
  | { readonly kind: 'convert'; readonly mode: string };

export interface FileReaderOptions {
  /** The top of the checkout. Absolute. */
  readonly top: string;
  readonly quarantine: Quarantine;
  /** Length of an object id: 40 or 64. */
  readonly idLength: number;
  readonly fileMode: boolean;
  readonly conversion: Conversion;
}

/** A larger file is not read: what stands for it says only whether it is still the same. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Up to this size a file is read before a thread for it would have begun. */
const SMALL_BYTES = 64 * 1024;

/** No link is followed, and no pipe waited for. */
const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A file that was read sooner after its last change than this may have changed again, and look the same. */
const SETTLED_MS = 50;

interface Known {
  readonly stamp: string;
  readonly entry: FileEntry;
}

/** Files that were read, by path: what looks the same is not read again. */
export type KnownFiles = Map<string, Known>;

/** Reads files of a checkout as objects of a quarantine. Follows no symbolic link, neither at a path nor on the way to it. */
export class FileReader {
  readonly #options: FileReaderOptions;
  readonly #known: KnownFiles;
  readonly #folders: RealFolders;

  constructor(options: FileReaderOptions, known: KnownFiles) {
    this.#options = options;
    this.#known = known;
    this.#folders = new RealFolders(options.top);
  }

  /** @param before what the commit has there, which decides on what the file system does not tell */
  async read(path: string, before: FileEntry | null): Promise<FoundFile> {
    const { top } = this.#options;
    if (!this.#folders.has(dirname(path))) return { kind: 'nothing' };
    const stats = statsAt(join(top, path));
    if (stats === null) return { kind: 'nothing' };
    if (stats.isDirectory()) return { kind: 'folder' };
    if (!stats.isFile() && !stats.isSymbolicLink()) return { kind: 'nothing' };
    const mode = this.#modeOf(stats, before);
    const stamp = [mode, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return { kind: 'file', entry: known.entry };
    const content = await this.#content(path, stats, stamp);
    if (content === null) return { kind: 'nothing' };
    if (this.#mayConvert(mode, content)) return { kind: 'convert', mode };
    const { quarantine, idLength } = this.#options;
    const entry = { mode, id: await quarantine.write('blob', content, idLength) };
    if (Date.now() - Number(stats.ctimeMs) > SETTLED_MS) this.#known.set(path, { stamp, entry });
    else this.#known.delete(path);
    return { kind: 'file', entry };
  }

  #modeOf(stats: BigIntStats, before: FileEntry | null): string {
    if (stats.isSymbolicLink()) return '120000';
    if (!this.#options.fileMode) return before?.mode === '100755' ? '100755' : '100644';
    return stats.mode & 0o100n ? '100755' : '100644';
  }

  #mayConvert(mode: string, content: Buffer): boolean {
    const { conversion } = this.#options;
    if (mode === '120000' || conversion === 'nothing') return false;
    return conversion === 'anything' || content.includes('\r\n');
  }

  /** `null` if it has gone meanwhile, or may not be read. */
  async #content(path: string, stats: BigIntStats, stamp: string): Promise<Buffer | null> {
    const file = diskPath(join(this.#options.top, path));
    try {
      if (stats.isSymbolicLink()) return readlinkSync(file, { encoding: 'buffer' });
      // With a zero byte it is binary, so that two of them conflict.
      if (stats.size > MOST_BYTES) return Buffer.from(`${stamp}\0`);
      if (stats.size > SMALL_BYTES) return await readLarge(file);
      const opened = openSync(file, HOW);
      try {
        return readFileSync(opened);
      } finally {
        closeSync(opened);
      }
    } catch (error) {
      return nothingIfGone(error as NodeJS.ErrnoException);
    }
  }
}

async function readLarge(file: string | Buffer): Promise<Buffer> {
  const handle = await open(file, HOW);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
