import { type BigIntStats, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskPath } from '@pwt/git';

/** Which folders of a checkout are folders all the way, and no links to some. For one look: what is found is not asked again. */
export class RealFolders {
  readonly #top: string;
  readonly #known = new Map<string, boolean>([['.', true]]);

  constructor(top: string) {
    this.#top = top;
  }

  /** @param folder relative to the top; that is `.` */
  has(folder: string): boolean {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const found = this.has(dirname(folder)) && statsAt(join(this.#top, folder))?.isDirectory() === true;
    this.#known.set(folder, found);
    return found;
  }
}

/** What is at a path; `null` for nothing. At once: a thread for it would take longer than the answer. */
export function statsAt(path: string): BigIntStats | null {
  try {
    return lstatSync(diskPath(path), { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    return nothingIfGone(error as NodeJS.ErrnoException);
  }
}

const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EINVAL', 'ENXIO'];

/** For what vanishes while it is looked at, or may not be read. */
export function nothingIfGone(error: NodeJS.ErrnoException): null {
  if (GONE.includes(error.code ?? '')) return null;
  throw error;
}
