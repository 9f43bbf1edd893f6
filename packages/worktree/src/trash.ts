import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskPath } from '@pwt/git';

/** A directory that was taken away and waits to be deleted. */
export interface TrashEntry {
  readonly v: 1;
  /** Where it is now. */
  readonly path: string;
  /** Where it was. */
  readonly from: string;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly trashedAt: number;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * A folder for what was removed but may hold something worth keeping.
 *
 * A directory goes there by one rename, which is instant and loses nothing when it is interrupted: each is
 * announced in a small JSON file first. On another file system it stays beside where it was.
 */
export class Trash {
  readonly #directory: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number = Date.now) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Takes a directory away. */
  async take(from: string, workspaceId: string): Promise<TrashEntry> {
    const trashedAt = this.#now();
    const name = `${workspaceId}-${randomBytes(4).toString('hex')}`;
    const entry: TrashEntry = { v: 1, path: join(this.#directory, name), from, workspaceId, trashedAt };
    await mkdir(this.#directory, { recursive: true });
    await this.#announce(name, entry);
    try {
      await rename(from, entry.path);
      return entry;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') {
        await rm(this.#announcement(name), { force: true });
        throw error;
      }
    }
    const beside = { ...entry, path: `${from}.pwt-trash-${name}` };
    await this.#announce(name, beside);
    await rename(from, beside.path);
    return beside;
  }

  /** Puts it back where it was. */
  async giveBack(entry: TrashEntry): Promise<void> {
    await rename(entry.path, entry.from);
    await rm(this.#announcementOf(entry), { force: true });
  }

  /** Keeps only these paths (files, or whole folders) of an entry; deletes it if there are none. */
  async reduce(entry: TrashEntry, keep: readonly string[]): Promise<void> {
    if (keep.length === 0) return this.delete(entry);
    const kept = `${entry.path}.kept`;
    for (const path of keep) {
      const target = join(kept, path);
      await mkdir(diskPath(dirname(target)), { recursive: true });
      await rename(diskPath(join(entry.path, path)), diskPath(target));
    }
    await rm(entry.path, { recursive: true, force: true });
    await rename(kept, entry.path);
  }

  /** Deletes it for good. */
  async delete(entry: TrashEntry): Promise<void> {
    await rm(entry.path, { recursive: true, force: true });
    await rm(`${entry.path}.kept`, { recursive: true, force: true });
    await rm(this.#announcementOf(entry), { force: true });
  }

  /** Everything in the trash, the oldest first. */
  async list(): Promise<TrashEntry[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const files = names.filter((name) => name.endsWith('.json'));
    const entries = await Promise.all(
      files.map(
        async (name) => JSON.parse(await readFile(join(this.#directory, name), 'utf8')) as TrashEntry,
      ),
    );
    return entries.sort((a, b) => a.trashedAt - b.trashedAt);
  }

  /** Deletes what has been in the trash for longer than this. Returns what was deleted. */
  async purge(olderThanDays: number): Promise<TrashEntry[]> {
    const limit = this.#now() - olderThanDays * DAY_MS;
    const old = (await this.list()).filter(({ trashedAt }) => trashedAt <= limit);
    for (const entry of old) await this.delete(entry);
    return old;
  }

  async #announce(name: string, entry: TrashEntry): Promise<void> {
    await writeFile(this.#announcement(name), `${JSON.stringify(entry, null, 2)}\n`);
  }

  #announcement(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  #announcementOf(entry: TrashEntry): string {
    const name = entry.path.slice(entry.path.lastIndexOf(entry.workspaceId));
    return this.#announcement(name);
  }
}
