import { type FileHandle, open } from 'node:fs/promises';
import { type Journal, PwtError, privateModes, type RunEvent } from '@pwt/core';
import { decodeJournal } from './decode.js';

interface Pending {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A log on disk with group commit: events that arrive while a write is under way share the next
 * `fdatasync`, so many writers cost hardly more than one.
 */
export class FileJournal implements Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  #position: number;
  #pending: Pending[] = [];
  #flushing: Promise<void> | undefined;
  #failure: PwtError | undefined;

  private constructor(file: FileHandle, path: string, position: number) {
    this.#file = file;
    this.#path = path;
    this.#position = position;
  }

  /** Opens or creates the file, and cuts off a last line that a crash left incomplete. */
  static async open(path: string): Promise<FileJournal> {
    const file = await open(path, 'a+', privateModes.file);
    try {
      const { completeBytes, damage } = decodeJournal(await file.readFile(), path);
      if (damage) throw damage;
      await file.truncate(completeBytes);
      return new FileJournal(file, path, completeBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  append(event: RunEvent): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const line = `${JSON.stringify(event)}\n`;
    return new Promise((resolve, reject) => {
      this.#pending.push({ line, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    // Events that are appended in the same turn of the event loop are written together.
    await new Promise(setImmediate);
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        await this.#write(batch.map((entry) => entry.line).join(''));
      } catch (cause) {
        this.#fail(batch, cause);
        break;
      }
      for (const entry of batch) entry.resolve();
    }
    this.#flushing = undefined;
  }

  async #write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) {
      written += (await this.#file.write(bytes, written, bytes.length - written)).bytesWritten;
    }
    await this.#file.datasync();
    this.#position += bytes.length;
  }

  /** After a failed write the file's end is unknown: nothing may follow it, or the log would be corrupt. */
  #fail(batch: readonly Pending[], cause: unknown): void {
    this.#failure = writeFailed(this.#path, cause, { position: this.#position });
    for (const entry of [...batch, ...this.#pending]) entry.reject(this.#failure);
    this.#pending = [];
  }
}

/** The error for a log that can't be written. */
export function writeFailed(
  file: string,
  cause: unknown,
  data: Readonly<Record<string, unknown>> = {},
): PwtError {
  return new PwtError('PWT_JOURNAL_WRITE_FAILED', `The run's log can't be written: ${String(cause)}`, {
    place: { path: file },
    hint: 'Free disk space (see `pwt doctor`), then `pwt resume`. Running agents go on meanwhile.',
    data,
    cause,
  });
}
