import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, deflateSync } from 'node:zlib';
import { openTemporaryFolder } from './temporary-folder.js';

const compress = promisify(deflate);

/** Objects up to this size wait until git is asked about them. */
const SMALL_BYTES = 64 * 1024;

/** With more bytes than this, what waits is written. */
const MOST_WAITING = 16 * 1024 * 1024;

/** The kinds of objects that are written here. */
export type WrittenType = 'blob' | 'tree' | 'commit';

/**
 * Objects beside those of a repository: git, told to use this folder (`GIT_OBJECT_DIRECTORY`), sees both. It is in the git
 * directory and is deleted when it is closed, so that the repository gets no object.
 *
 * Objects are written here as loose ones, without a process and without waiting for the disk: nothing of them is kept. Most are
 * never asked about, and are never written: they wait in memory.
 */
export class Quarantine {
  readonly #folder: string;
  readonly #written = new Set<string>();
  readonly #under = new Set<string>();
  /** By id. */
  readonly #waiting = new Map<string, Uint8Array>();
  #waitingBytes = 0;
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

  /** How many bytes were put here. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Puts an object here. Git sees it in a room, and after {@link flush}.
   *
   * @param idLength of the ids of this repository: 40 or 64
   * @returns its id
   */
  async write(type: WrittenType, content: Uint8Array, idLength: number): Promise<string> {
    const header = Buffer.from(`${type} ${content.byteLength}\0`);
    const hash = createHash(idLength === 64 ? 'sha256' : 'sha1');
    const id = hash.update(header).update(content).digest('hex');
    if (this.#written.has(id)) return id;
    const plain = Buffer.concat([header, content]);
    const isSmall = plain.byteLength <= SMALL_BYTES;
    if (!isSmall) await writeFile(this.#fileOf(id), await compress(plain, { level: 1 }));
    this.#written.add(id);
    this.#bytes += plain.byteLength;
    if (!isSmall) return id;
    this.#waiting.set(id, plain);
    this.#waitingBytes += plain.byteLength;
    if (this.#waitingBytes > MOST_WAITING) this.flush();
    return id;
  }

  /** Writes what waits. A small file is written before a thread would have begun. */
  flush(): void {
    for (const [id, plain] of this.#waiting)
      writeFileSync(this.#fileOf(id), deflateSync(plain, { level: 1 }));
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }

  /**
   * Runs an action with an empty folder, and an object directory in it that sees the objects here; both are gone afterwards.
   */
  async withRoom<T>(action: (folder: string, objects: string) => Promise<T>): Promise<T> {
    this.flush();
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
    this.#waiting.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Where an object is, in a folder that is there. */
  #fileOf(id: string): string {
    const folder = join(this.objects, id.slice(0, 2));
    if (!this.#under.has(folder)) mkdirSync(folder, { recursive: true });
    this.#under.add(folder);
    return join(folder, id.slice(2));
  }
}

/** An empty object directory that sees others; each sees in turn what it names. */
async function makeObjects(folder: string, others: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'info'), { recursive: true });
  // As in gitrepository-layout(5), "objects/info/alternates"; a line that starts with a quote is a C string.
  const lines = others.map((other) => (/^[#"]|\n/.test(other) ? JSON.stringify(other) : other));
  await writeFile(join(folder, 'info', 'alternates'), `${lines.join('\n')}\n`);
}
