import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from '@pwt/git';

/** Keeps the ignored files of removed clones for some days: nothing else has them. */
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

  /** What is in it, with when it came; milliseconds since the epoch. */
  async list(): Promise<readonly { readonly path: string; readonly since: number }[]> {
    await mkdir(this.#directory, { recursive: true });
    const paths = (await readdir(this.#directory)).map((name) => join(this.#directory, name));
    return Promise.all(paths.map(async (path) => ({ path, since: (await stat(path)).mtimeMs })));
  }

  async delete(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
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
