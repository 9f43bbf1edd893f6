import { open } from 'node:fs/promises';

const CHUNK_BYTES = 256 * 1024;

/** Reads what is added to a file, from a place on. A file that is not there yet is empty. */
export class FileTail {
  readonly file: string;
  #offset = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** What is new since the last call. */
  async read(): Promise<Buffer> {
    const handle = await open(this.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (handle === undefined) return Buffer.alloc(0);
    try {
      const parts: Buffer[] = [];
      for (;;) {
        const { bytesRead, buffer } = await handle.read(
          Buffer.alloc(CHUNK_BYTES),
          0,
          CHUNK_BYTES,
          this.#offset,
        );
        if (bytesRead === 0) return Buffer.concat(parts);
        parts.push(buffer.subarray(0, bytesRead));
        this.#offset += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }
}

/** Puts bytes together to whole lines; what has no line break yet waits for the rest. */
export class LineBuffer {
  #rest: Buffer = Buffer.alloc(0);

  /** The lines that are whole now, each with its line break, as one. */
  add(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#rest, bytes]);
    const end = all.lastIndexOf(0x0a) + 1;
    this.#rest = all.subarray(end);
    return all.subarray(0, end);
  }

  /** What is left at the end. */
  flush(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }
}
