import { type FileHandle, open } from 'node:fs/promises';

/** A piece of a log: whole lines, and where they begin in it, in bytes. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
}

const NEW_LINE = 0x0a;

/** Gives what a log has got since the last call, in whole lines. Of too much, the last of it. */
export class Tail {
  readonly #path: string;
  readonly #maxBytes: number;
  #position = 0;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  async next(): Promise<Piece> {
    const file = await openIfThere(this.#path);
    if (file === undefined) return { text: '', offset: this.#position };
    try {
      return await this.#read(file);
    } finally {
      await file.close();
    }
  }

  async #read(file: FileHandle): Promise<Piece> {
    const { size } = await file.stat();
    const isCut = size - this.#position > this.#maxBytes;
    const from = isCut ? size - this.#maxBytes : this.#position;
    const buffer = Buffer.alloc(Math.max(0, Math.min(size - from, this.#maxBytes)));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    const read = buffer.subarray(0, bytesRead);
    // After a cut, the first line is a half one.
    const start = isCut ? read.indexOf(NEW_LINE) + 1 : 0;
    const end = read.lastIndexOf(NEW_LINE) + 1;
    if (end <= start) {
      // A line that is longer than all that is sent is left out.
      if (isCut) this.#position = from + end;
      return { text: '', offset: this.#position };
    }
    this.#position = from + end;
    return { text: read.subarray(start, end).toString('utf8'), offset: from + start };
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
