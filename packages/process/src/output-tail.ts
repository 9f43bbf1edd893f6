import { open } from 'node:fs/promises';

/** Keeps the last bytes of a stream, and no more than twice that in memory. */
export class OutputTail {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > 2 * this.#maxBytes) this.#chunks = [this.#last()];
    this.#bytes = this.#chunks.reduce((sum, { length }) => sum + length, 0);
  }

  toString(): string {
    return decodeTail(this.#last());
  }

  #last(): Buffer {
    const all = Buffer.concat(this.#chunks);
    return all.subarray(Math.max(0, all.length - this.#maxBytes));
  }
}

/** The last bytes of a file, of those from `start` on. */
export async function readTail(path: string, start: number, maxBytes: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(start, size - maxBytes);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return decodeTail(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Decodes UTF-8 that may begin in the middle of a character. */
function decodeTail(bytes: Buffer): string {
  let start = 0;
  while (start < Math.min(3, bytes.length) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.toString('utf8', start);
}
