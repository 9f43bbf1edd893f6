import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes } from '@pwt/core';

/** What `agent.json` says: the time is by this machine's clock, whatever the worker's says. */
export interface AgentRecord {
  readonly agent: string;
  readonly startedAt: number;
}

/** More is not left out between two pieces; what comes after it is here when the agent has ended. */
const MAX_GAP = 1024 ** 3;

/**
 * The logs of an agent on another machine, in the attempt's state directory here, as those of a local one: `stdout.log`, `stderr.log`,
 * `agent.json`. While it works they have what has come of its output; when it has ended, the whole.
 *
 * Each byte is where it is in the worker's log, so who follows the file goes on at the same place when the whole has come. Where
 * something is missing, a line says so.
 */
export class MirroredLog {
  readonly #dir: string;
  readonly #worker: string;

  constructor(dir: string, worker: string) {
    this.#dir = dir;
    this.#worker = worker;
  }

  /**
   * A piece of the agent's stdout. The same one may come again.
   *
   * @param offset where it begins, in bytes
   */
  async tail(text: string, offset: number): Promise<void> {
    if (text === '') return;
    await mkdir(this.#dir, { recursive: true, mode: privateModes.folder });
    const file = await open(this.#path('stdout'), 'a', privateModes.file);
    await file.close();
    const log = await open(this.#path('stdout'), 'r+');
    try {
      const { size } = await log.stat();
      if (offset - size > MAX_GAP) return;
      if (offset > size) {
        const { start, end } = gap(offset - size, this.#worker);
        await log.write(start, 0, start.length, size);
        await log.write(end, 0, end.length, offset - end.length);
      }
      const bytes = Buffer.from(text);
      await log.write(bytes, 0, bytes.length, offset);
    } finally {
      await log.close();
    }
  }

  /** All of it. */
  async whole(stream: 'stdout' | 'stderr', text: string): Promise<void> {
    await this.#replace(this.#path(stream), text);
  }

  /** @param written what the worker's launcher notes of the agent */
  async record(record: AgentRecord, written: string | undefined): Promise<void> {
    const noted = parsed(written);
    await this.#replace(this.#record, `${JSON.stringify({ dialect: 'lines', ...noted, ...record })}\n`);
  }

  /** When the agent was started, as it is on record here. */
  async startedAt(): Promise<number | undefined> {
    const text = await readFile(this.#record, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const { startedAt } = parsed(text);
    return typeof startedAt === 'number' ? startedAt : undefined;
  }

  get #record(): string {
    return join(this.#dir, 'agent.json');
  }

  #path(stream: 'stdout' | 'stderr'): string {
    return join(this.#dir, `${stream}.log`);
  }

  async #replace(path: string, text: string): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: privateModes.folder });
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeFile(draft, text, { mode: privateModes.file, flag: 'wx' });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }
}

/**
 * A line of so many bytes in place of what is missing. What fills it up is inside of a control string, which terminals and pwt show as
 * nothing; most of it is a hole in the file and takes no space on the disk.
 */
function gap(bytes: number, worker: string): { readonly start: Buffer; readonly end: Buffer } {
  const start = Buffer.from(
    `[${bytes} bytes of output are on ${worker}, and here when the agent has ended]\u001b]`,
  );
  const end = Buffer.from('\u0007\n');
  if (start.length + end.length <= bytes) return { start, end };
  return { start: Buffer.alloc(0), end: Buffer.concat([Buffer.alloc(bytes - 1, '.'), Buffer.from('\n')]) };
}

/** It comes from another machine: what is no object says nothing. */
function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
