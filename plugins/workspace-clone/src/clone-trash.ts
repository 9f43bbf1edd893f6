import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from '@pwt/git';

const DAY_MS = 24 * 60 * 60_000;

/** Keeps the ignored files of removed clones for some days: nobody else has them. */
export class CloneTrash {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Takes the ignored files of a clone away, if it has any. */
  async takeIgnored(clone: Git, id: string): Promise<void> {
    const listed = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
    const paths = (await clone.zRecords(listed)).map((path) => path.replace(/\/$/, ''));
    if (paths.length === 0) return;
    const entry = join(this.#directory, `${id}-${randomBytes(4).toString('hex')}`);
    for (const path of paths) await move(join(clone.cwd, path), join(entry, path));
    const now = new Date();
    await utimes(entry, now, now);
  }

  /** Deletes for good what is older. Returns what was deleted. */
  async purge(olderThanDays: number): Promise<readonly string[]> {
    await mkdir(this.#directory, { recursive: true });
    const purged: string[] = [];
    for (const name of await readdir(this.#directory)) {
      const path = join(this.#directory, name);
      if ((await stat(path)).mtimeMs > Date.now() - olderThanDays * DAY_MS) continue;
      await rm(path, { recursive: true, force: true });
      purged.push(path);
    }
    return purged;
  }
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
  }
}
