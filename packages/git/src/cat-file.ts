import { PwtError } from '@pwt/core';
import { encodeText } from './byte-text.js';
import type { Git, GitProcess } from './git.js';

/** An object as it is stored. */
export interface GitObject {
  readonly id: string;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly content: Buffer;
}

interface Waiting {
  readonly name: string;
  resolve(object: GitObject | null): void;
  reject(error: unknown): void;
}

/**
 * One `git cat-file --batch` process that answers in the order of the questions.
 *
 * It is started by the first question, and again by the next one if it dies. While no question is open it
 * does not keep the program alive; it ends with the program, or with {@link CatFile.close}.
 */
export class CatFile {
  readonly #git: Git;
  readonly #waiting: Waiting[] = [];
  #process: Promise<GitProcess> | undefined;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  /** What is announced and not complete yet. */
  #pending: { id: string; type: GitObject['type']; size: number } | undefined;

  constructor(git: Git) {
    this.#git = git;
  }

  /** How many questions are open. */
  get load(): number {
    return this.#waiting.length;
  }

  /**
   * Reads an object by id or by `<id>:<path>`; `null` if there is none.
   *
   * @throws PWT_GIT_FAILED if the process ends before it answers
   */
  async read(name: string): Promise<GitObject | null> {
    if (name.includes('\n')) {
      throw new PwtError('PWT_GIT_FAILED', 'cat-file cannot be asked for a name with a newline.', {
        data: { name },
      });
    }
    const answer = new Promise<GitObject | null>((resolve, reject) => {
      this.#waiting.push({ name, resolve, reject });
    });
    this.#process ??= this.#start();
    const failed = this.#process.then(
      (process) => {
        if (this.#waiting.length > 0) process.ref();
        process.stdin.write(encodeText(`${name}\n`));
      },
      (error: unknown) => this.#fail(error),
    );
    await failed;
    return answer;
  }

  /** Ends the process once all questions are answered. */
  async close(): Promise<void> {
    const process = await this.#process;
    process?.ref();
    process?.stdin.end();
    await process?.exited;
  }

  async #start(): Promise<GitProcess> {
    const process = await this.#git.start(['cat-file', '--batch']);
    process.stdout.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#receivedBytes += chunk.length;
      while (this.#takeAnswer());
      if (this.#waiting.length === 0) process.unref();
    });
    // A write to a process that has died is reported by its exit.
    process.stdin.on('error', () => undefined);
    void process.exited.then((failure) => this.#fail(failure));
    return process;
  }

  #fail(failure: unknown): void {
    this.#process = undefined;
    this.#pending = undefined;
    this.#take(this.#receivedBytes);
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }

  /** Takes one complete answer off what was received; false if there is none yet. */
  #takeAnswer(): boolean {
    if (this.#pending === undefined) {
      const line = this.#takeLine();
      if (line === null) return false;
      const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
      if (match === null) {
        this.#waiting.shift()?.resolve(null);
        return true;
      }
      this.#pending = { id: match[1] ?? '', type: match[2] as GitObject['type'], size: Number(match[3]) };
    }
    const { id, type, size } = this.#pending;
    if (this.#receivedBytes < size + 1) return false;
    const content = this.#take(size + 1).subarray(0, size);
    this.#pending = undefined;
    this.#waiting.shift()?.resolve({ id, type, content });
    return true;
  }

  #takeLine(): string | null {
    const all = this.#take(this.#receivedBytes);
    const end = all.indexOf(0x0a);
    const rest = end === -1 ? all : all.subarray(end + 1);
    if (rest.length > 0) this.#received = [rest];
    this.#receivedBytes = rest.length;
    return end === -1 ? null : all.toString('utf8', 0, end);
  }

  /** Takes bytes off the front; chunks are joined only when an answer is complete. */
  #take(bytes: number): Buffer {
    const all = Buffer.concat(this.#received);
    const rest = all.subarray(bytes);
    this.#received = rest.length > 0 ? [rest] : [];
    this.#receivedBytes = rest.length;
    return all.subarray(0, bytes);
  }
}
