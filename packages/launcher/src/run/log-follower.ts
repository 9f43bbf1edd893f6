import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const CHUNK_BYTES = 256 * 1024;
/** A longer line is dropped: nothing that an agent says about itself is as long, but what its tools print is. */
const MAX_LINE_CHARACTERS = 1024 * 1024;

/** Reads a file that grows, line by line and in bounded memory, from its start. */
export class LogFollower {
  readonly #path: string;
  readonly #buffer: Buffer = Buffer.alloc(CHUNK_BYTES);
  readonly #decoder: StringDecoder = new StringDecoder('utf8');
  #position = 0;
  #partial = '';
  #dropping = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The lines completed since the last call, a chunk's worth at a time; ends at the present end of the file. */
  async *batches(): AsyncGenerator<string[]> {
    const file = await openIfExists(this.#path);
    if (!file) return;
    try {
      for (;;) {
        const { bytesRead } = await file.read(this.#buffer, 0, CHUNK_BYTES, this.#position);
        if (bytesRead === 0) return;
        this.#position += bytesRead;
        yield this.#split(this.#decoder.write(this.#buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
  }

  /** The last line, if the file ended without a line break. */
  rest(): string[] {
    const rest = this.#partial;
    this.#partial = '';
    return rest === '' ? [] : [rest];
  }

  #split(text: string): string[] {
    const lines = text.split('\n');
    const last = lines.pop() as string;
    const [first, ...others] = lines;
    if (first === undefined) {
      this.#keep(last);
      return [];
    }
    const completed = this.#dropping ? others : [this.#partial + first, ...others];
    this.#partial = '';
    this.#dropping = false;
    this.#keep(last);
    return completed;
  }

  #keep(text: string): void {
    if (this.#dropping) return;
    this.#partial += text;
    if (this.#partial.length <= MAX_LINE_CHARACTERS) return;
    this.#partial = '';
    this.#dropping = true;
  }
}

async function openIfExists(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
