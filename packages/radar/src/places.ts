import { type BigIntStats, lstatSync, readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveWork } from '@pwt/core';
import { diskPath, type Git, isObjectId, listWorktrees, type WorktreeEntry } from '@pwt/git';

/** Where a work is: the worktree, and the commit that is checked out there. */
export type Place = Pick<WorktreeEntry, 'path' | 'gitDir' | 'headCommit'>;

interface Known {
  readonly place: Place;
  /** What says that it is still the same worktree. */
  readonly stamp: string;
  /** What says that the same commit is checked out, where a file does not name it. */
  readonly headStamp: string | undefined;
}

/**
 * Finds the worktrees in which works are. One that is known costs a few small reads: they are made at once, which takes a
 * fraction of what a thread for each would.
 */
export class Places {
  readonly #git: Git;
  readonly #commonDir: string;
  #known = new Map<string, Known>();

  /** @param commonDir the git directory that all worktrees share */
  constructor(git: Git, commonDir: string) {
    this.#git = git;
    this.#commonDir = commonDir;
  }

  /** By the ids of the works; a string says why there is none. */
  async of(works: readonly LiveWork[]): Promise<ReadonlyMap<string, Place | string>> {
    const packed = stampOf(join(this.#commonDir, 'packed-refs'));
    const places = new Map<string, Place>();
    for (const { id, path } of works) {
      const place = this.#again(path, packed);
      if (place === undefined) return this.#find(works, packed);
      places.set(id, place);
    }
    return places;
  }

  /** Where it was before; `undefined` if that is not certain. */
  #again(path: string, packed: string): Place | undefined {
    const known = this.#known.get(path);
    if (known === undefined || this.#stampOf(path, known.place) !== known.stamp) return undefined;
    const { commit, stamp } = this.#readHead(known.place, packed);
    if (commit !== undefined) return { ...known.place, headCommit: commit };
    return stamp !== undefined && stamp === known.headStamp ? known.place : undefined;
  }

  async #find(works: readonly LiveWork[], packed: string): Promise<ReadonlyMap<string, Place | string>> {
    const byPath = new Map<string, WorktreeEntry>();
    // What moves while it is read is read again the next time: stamps are of before.
    const before = new Map([...this.#known].map(([path, known]) => [path, known.place]));
    const stamps = new Map([...before].map(([path, place]) => [path, this.#stampsOf(path, place, packed)]));
    for (const entry of await listWorktrees(this.#git, { commonDir: this.#commonDir }))
      byPath.set(await realpath(entry.path).catch(() => entry.path), entry);
    const places = new Map<string, Place | string>();
    const known = new Map<string, Known>();
    for (const { id, path } of works) {
      const entry = byPath.get(await realpath(path).catch(() => path));
      if (entry === undefined) places.set(id, `${path} is no worktree of this repository`);
      else if (!entry.present) places.set(id, `${path} is gone`);
      else {
        const place = { path: entry.path, gitDir: entry.gitDir, headCommit: entry.headCommit };
        places.set(id, place);
        const isSame = before.get(path)?.gitDir === place.gitDir;
        known.set(path, { place, ...((isSame && stamps.get(path)) || NO_STAMPS) });
      }
    }
    this.#known = known;
    return places;
  }

  #stampsOf(path: string, place: Place, packed: string): Omit<Known, 'place'> {
    return { stamp: this.#stampOf(path, place), headStamp: this.#readHead(place, packed).stamp };
  }

  /** Of the files that lead from a worktree to its git directory, and back. */
  #stampOf(path: string, { gitDir }: Place): string {
    return `${stampOf(join(path, '.git'))} ${stampOf(join(gitDir, 'gitdir'))}`;
  }

  /** The commit, if files name it; otherwise what would be different if it were another one, if there is such a thing. */
  #readHead({ gitDir }: Place, packed: string): { readonly commit?: string; readonly stamp?: string } {
    const head = readSmall(join(gitDir, 'HEAD'));
    if (isObjectId(head)) return { commit: head };
    const branch = /^ref: (refs\/heads\/.+)$/.exec(head)?.[1];
    // A reftable, or nothing that git would follow.
    if (branch === undefined || /\.invalid$|\.\./.test(branch)) return {};
    const tip = readSmall(join(this.#commonDir, branch));
    if (isObjectId(tip)) return { commit: tip };
    return tip === '' ? { stamp: `${branch} ${packed}` } : {};
  }
}

const NO_STAMPS = { stamp: '?', headStamp: undefined };

/** What changes when a file is replaced; of a folder, when it is another one; empty if there is nothing. */
function stampOf(path: string): string {
  const stats = quietly(() => lstatSync(diskPath(path), { bigint: true, throwIfNoEntry: false })) as
    | BigIntStats
    | undefined;
  if (stats === undefined) return '';
  if (stats.isDirectory()) return `${stats.dev} ${stats.ino}`;
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}

function readSmall(path: string): string {
  return quietly(() => readFileSync(diskPath(path), 'utf8'))?.replace(/\n$/, '') ?? '';
}

/** Nothing where it can't be read: then git is asked, and says why. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
