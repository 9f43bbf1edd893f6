import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { openTemporaryFolder } from './temporary-folder.js';

const compress = promisify(deflate);

/** The kinds of objects that are written here. */
export type WrittenType = 'blob' | 'tree' | 'commit';

/**
 * Objects beside those of a repository: git, told to use this folder (`GIT_OBJECT_DIRECTORY`), sees both. It is in the git
 * directory and is deleted when it is closed, so that the repository gets no object.
 *
 * Objects are written here as loose ones, without a process and without waiting for the disk: nothing of them is kept.
 */
export class Quarantine {
  readonly #folder: string;
  readonly #written = new Set<string>();
  readonly #under = new Set<string>();
  #bytes = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param commonDir of the repository whose objects are seen, too. Absolute. */
  static async open(commonDir: string): Promise<Quarantine> {
    const folder = await openTemporaryFolder(commonDir);
    const quarantine = new Quarantine(folder);
    await makeObjects(quarantine.objects, [join(commonDir, 'objects')]);
    return quarantine;
  }

  /** The object directory, for `GIT_OBJECT_DIRECTORY`. Absolute. */
  get objects(): string {
    return join(this.#folder, 'objects');
  }

  /** How many bytes were written here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes an object. @param idLength of the ids of this repository: 40 or 64. @returns its id */
  async write(type: WrittenType, content: Uint8Array, idLength: number): Promise<string> {
    const header = Buffer.from(`${type} ${content.byteLength}\0`);
    const hash = createHash(idLength === 64 ? 'sha256' : 'sha1');
    const id = hash.update(header).update(content).digest('hex');
    if (this.#written.has(id)) return id;
    const packed = await compress(Buffer.concat([header, content]), { level: 1 });
    const folder = join(this.objects, id.slice(0, 2));
    if (!this.#under.has(folder)) await mkdir(folder, { recursive: true });
    this.#under.add(folder);
    // Whole or not at all: two writers of one object write the same.
    const draft = join(folder, `draft-${id.slice(2)}-${this.#bytes}`);
    this.#bytes += packed.byteLength;
    await writeFile(draft, packed);
    await rename(draft, join(folder, id.slice(2)));
    this.#written.add(id);
    return id;
  }

  /**
   * Runs an action with an empty folder, and an object directory in it that sees the objects here; both are gone afterwards.
   */
  async withRoom<T>(action: (folder: string, objects: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(this.#folder, 'room-'));
    try {
      const objects = join(folder, 'objects');
      await makeObjects(objects, [this.objects]);
      return await action(folder, objects);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Deletes it. */
  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** An empty object directory that sees others; each sees in turn what it names. */
async function makeObjects(folder: string, others: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'info'), { recursive: true });
  // As in gitrepository-layout(5), "objects/info/alternates"; a line that starts with a quote is a C string.
  const lines = others.map((other) => (/^[#"]|\n/.test(other) ? JSON.stringify(other) : other));
  await writeFile(join(folder, 'info', 'alternates'), `${lines.join('\n')}\n`);
}
