import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { privateModes } from '@pwt/core';
import { decodeText, diskPath } from '@pwt/git';

/** A directory in the trash. */
export interface TrashEntry {
  readonly v: 1;
  /** Where it is now. */
  readonly path: string;
  /** Where it was before. */
  readonly from: string;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly trashedAt: number;
  /**
   * `whole`: complete, so that it can be put back. `reduced`: only the paths to keep are left, or will be once
   * {@link Trash.reduce} is done. Absent in entries of an earlier pwt.
   */
  readonly state?: 'whole' | 'reduced';
}

/**
 * The folder for the ignored files of removed worktrees. Everything else of a worktree is kept elsewhere before.
 *
 * A directory is moved there by one rename, which is instant and loses nothing when it is interrupted: a small JSON
 * file records each move first. A directory on another file system is renamed where it is.
 */
export class Trash {
  readonly #directory: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number = Date.now) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Moves a directory into the trash. */
  async take(from: string, workspaceId: string): Promise<TrashEntry> {
    const trashedAt = this.#now();
    const name = `${workspaceId}-${randomBytes(4).toString('hex')}`;
    const entry: TrashEntry = {
      v: 1,
      path: join(this.#directory, name),
      from,
      workspaceId,
      trashedAt,
      state: 'whole',
    };
    await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
    await this.#writeRecord(name, entry);
    try {
      await rename(from, entry.path);
      return entry;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') {
        await rm(this.#recordFile(name), { force: true });
        throw error;
      }
    }
    const beside = { ...entry, path: `${from}.pwt-trash-${name}` };
    await this.#writeRecord(name, beside);
    await rename(from, beside.path);
    return beside;
  }

  /** Puts it back where it was. */
  async putBack(entry: TrashEntry): Promise<void> {
    await rename(entry.path, entry.from);
    await rm(this.#recordFileOf(entry), { force: true });
  }

  /**
   * Puts back what an interrupted removal has left in the trash, if its place is free. The removal can then start
   * over with everything that it had not dealt with.
   */
  async restoreInterrupted(workspaceId: string, from: string): Promise<void> {
    for (const entry of await this.list()) {
      if (entry.workspaceId !== workspaceId || entry.from !== from || entry.state !== 'whole') continue;
      if ((await isThere(entry.path)) && !(await isThere(from))) await this.putBack(entry);
    }
  }

  /**
   * Keeps only these paths (files, or whole folders) of an entry; deletes the entry if there are none. Files are only
   * deleted, never moved or written, so this works on a full disk.
   */
  async reduce(entry: TrashEntry, keep: readonly string[]): Promise<void> {
    await this.#writeRecord(nameOf(entry), { ...entry, state: 'reduced' });
    if (keep.length === 0) return this.delete(entry);
    const kept = new Set(keep);
    const around = new Set(keep.flatMap(foldersAround));
    const prune = async (folder: string): Promise<void> => {
      for (const name of await readdir(diskPath(folder), { encoding: 'buffer' })) {
        const place = join(folder, decodeText(name));
        const path = relative(entry.path, place);
        if (kept.has(path)) continue;
        if (around.has(path)) await prune(place);
        else await rm(diskPath(place), { recursive: true, force: true });
      }
    };
    await prune(entry.path);
  }

  /** Deletes it for good. */
  async delete(entry: TrashEntry): Promise<void> {
    await rm(entry.path, { recursive: true, force: true });
    await rm(`${entry.path}.kept`, { recursive: true, force: true });
    await rm(this.#recordFileOf(entry), { force: true });
  }

  /** The entries, oldest first. One whose record can't be read is left out; {@link damaged} names it. */
  async list(): Promise<TrashEntry[]> {
    const entries = (await this.#readAll()).flatMap(({ entry }) => entry ?? []);
    return entries.sort((a, b) => a.trashedAt - b.trashedAt);
  }

  /** The files of the records that can't be read. */
  async damaged(): Promise<string[]> {
    return (await this.#readAll()).flatMap(({ file, entry }) => (entry === undefined ? [file] : []));
  }

  async #readAll(): Promise<{ file: string; entry: TrashEntry | undefined }[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const files = names.filter((name) => name.endsWith('.json')).map((name) => join(this.#directory, name));
    const read = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
          // Another removal has ended since the folder was listed.
          if (error.code === 'ENOENT') return undefined;
          throw error;
        });
        return text === undefined ? [] : [{ file, entry: parseEntry(text) }];
      }),
    );
    return read.flat();
  }

  async #writeRecord(name: string, entry: TrashEntry): Promise<void> {
    const file = this.#recordFile(name);
    // By a rename, so that a full disk leaves no half of a record.
    const draft = `${file}.tmp`;
    try {
      await writeFile(draft, `${JSON.stringify(entry, null, 2)}\n`, { mode: privateModes.file });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  #recordFile(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  #recordFileOf(entry: TrashEntry): string {
    return this.#recordFile(nameOf(entry));
  }
}

function nameOf(entry: TrashEntry): string {
  return entry.path.slice(entry.path.lastIndexOf(entry.workspaceId));
}

/** `a` and `a/b` for `a/b/c`. */
function foldersAround(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function parseEntry(text: string): TrashEntry | undefined {
  try {
    const entry = JSON.parse(text) as Partial<TrashEntry> | null;
    const isWhole = typeof entry?.path === 'string' && typeof entry.trashedAt === 'number';
    return isWhole ? (entry as TrashEntry) : undefined;
  } catch {
    // Cut short by a full disk or a power failure.
    return undefined;
  }
}
