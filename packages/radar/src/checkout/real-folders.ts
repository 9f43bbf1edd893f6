import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskPath } from '@pwt/git';

/** Which folders of a checkout are folders all the way, and no links to some. For one look: what is found is not asked again. */
export class RealFolders {
  readonly #top: string;
  readonly #known = new Map<string, Promise<boolean>>([['.', Promise.resolve(true)]]);

  constructor(top: string) {
    this.#top = top;
  }

  /** @param folder relative to the top; that is `.` */
  has(folder: string): Promise<boolean> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const found = this.has(dirname(folder)).then(async (isInside) => {
      if (!isInside) return false;
      const stats = await lstat(diskPath(join(this.#top, folder))).catch(nothingIfGone);
      return stats?.isDirectory() === true;
    });
    this.#known.set(folder, found);
    return found;
  }
}

const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EINVAL', 'ENXIO'];

/** For what vanishes while it is looked at, or may not be read. */
export function nothingIfGone(error: NodeJS.ErrnoException): null {
  if (GONE.includes(error.code ?? '')) return null;
  throw error;
}
