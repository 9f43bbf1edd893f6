import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';
import { openTemporaryFolder } from './temporary-folder.js';

const compress = promisify(deflate);

/** Objects up to this size are written at once. */
const SMALL_BYTES = 64 * 1024;

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

  /**
   * Writes an object. It is whole when this returns: only then git may be asked about it.
   *
   * @param idLength of the ids of this repository: 40 or 64
   * @returns its id
   */
  async write(type: WrittenType, content: Uint8Array, idLength: number): Promise<string> {
    const header = Buffer.from(`${type} ${content.byteLength}\0`);
    const hash = createHash(idLength === 64 ? 'sha256' : 'sha1');
    const id = hash.update(header).update(content).digest('hex');
    if (this.#written.has(id)) return id;
    const folder = join(this.objects, id.slice(0, 2));
    if (!this.#under.has(folder)) mkdirSync(folder, { recursive: true });
    this.#under.add(folder);
    const plain = Buffer.concat([header, content]);
    const file = join(folder, id.slice(2));
    // A small one is written before a thread would have begun.
    if (plain.byteLength <= SMALL_BYTES) writeFileSync(file, deflateSync(plain, { level: 1 }));
    else await writeFile(file, await compress(plain, { level: 1 }));
    this.#bytes += plain.byteLength;
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
