import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { privateModes } from '@pwt/core';
import { OutputTail, readTail } from './output-tail.js';

/** How long to read on from a pipe that a survivor of the command still holds. */
const DRAIN_MS = 200;

/** One output stream of a command: to a file, or through a pipe; its last bytes are kept either way. */
export class CommandOutput {
  readonly #maxBytes: number;
  readonly #target: { path: string; file: FileHandle; start: number } | undefined;
  readonly #tail: OutputTail;
  #pipe: Readable | undefined;

  private constructor(maxBytes: number, target?: { path: string; file: FileHandle; start: number }) {
    this.#maxBytes = maxBytes;
    this.#target = target;
    this.#tail = new OutputTail(maxBytes);
  }

  static async open(path: string | undefined, maxBytes: number): Promise<CommandOutput> {
    if (path === undefined) return new CommandOutput(maxBytes);
    const file = await open(path, 'a', privateModes.file);
    const { size } = await file.stat();
    return new CommandOutput(maxBytes, { path, file, start: size });
  }

  /** What to give to `spawn` for this stream. */
  get stdio(): number | 'pipe' {
    return this.#target?.file.fd ?? 'pipe';
  }

  readFrom(pipe: Readable | null): void {
    if (pipe === null) return;
    this.#pipe = pipe;
    pipe.on('data', (chunk: Buffer) => this.#tail.push(chunk));
  }

  /** The last bytes, once the command has ended. A dead command's pipe stays open while a survivor holds it. */
  async end(): Promise<string> {
    if (this.#target !== undefined) return readTail(this.#target.path, this.#target.start, this.#maxBytes);
    if (this.#pipe !== undefined && !this.#pipe.closed) {
      await Promise.race([once(this.#pipe, 'close'), delay(DRAIN_MS, undefined, { ref: false })]);
      this.#pipe.destroy();
    }
    return this.#tail.toString();
  }

  async close(): Promise<void> {
    await this.#target?.file.close();
  }
}

/** Gives a command its stdin and closes it. A command need not read it: that its end is closed is no error. */
export function writeStdin(child: ChildProcess, text: string | Buffer): void {
  child.stdin?.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') child.stdin?.destroy();
  });
  child.stdin?.end(text);
}
