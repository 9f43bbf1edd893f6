import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentExit, PwtError, privateModes } from '@pwt/core';
import type { RunRequest } from '../protocol/operations.js';

/** An attempt was given to a worker. */
export interface Given {
  readonly v: 1;
  readonly worker: string;
  /** Which home of the workspace that was: see `Placement.homes`. */
  readonly homes: number;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly givenAt: number;
  /** What the worker was asked, to ask it again. */
  readonly request: RunRequest;
}

/** How an attempt has ended. */
export interface Ended {
  readonly v: 1;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly startedAt: number;
  readonly exit: AgentExit;
}

/**
 * What this machine knows of an attempt on another one, in the attempt's state directory: whether it was given to a worker, and how it
 * has ended. Both are written once, and outlive a power cut: the agent does, too.
 */
export class AttemptState {
  readonly dir: string;
  readonly #start: string;
  readonly #end: string;

  constructor(dir: string) {
    this.dir = dir;
    this.#start = join(dir, 'remote-start.json');
    this.#end = join(dir, 'remote-exit.json');
  }

  /** Puts on record that the attempt is given to a worker. False if it was before, or if it is fenced. */
  async give(given: Given): Promise<boolean> {
    return this.#create(given);
  }

  /** What is on record. If there is nothing, the attempt is fenced: it can't be given to a worker any more. */
  async givenOrFence(): Promise<Given | undefined> {
    await this.#create({ v: 1, fenced: true });
    const start = await read<Given | { readonly fenced: true }>(this.#start);
    return start === undefined || 'fenced' in start ? undefined : start;
  }

  async end(ended: Ended): Promise<void> {
    const draft = await this.#draft(ended);
    await rename(draft, this.#end);
    await this.#sync();
  }

  async ended(): Promise<Ended | undefined> {
    return read<Ended>(this.#end);
  }

  /** Two can't both create it, whole as it is. */
  async #create(start: unknown): Promise<boolean> {
    await mkdir(this.dir, { recursive: true, mode: privateModes.folder });
    const draft = await this.#draft(start);
    try {
      await link(draft, this.#start);
      await this.#sync();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #draft(value: unknown): Promise<string> {
    const draft = join(this.dir, `${randomUUID()}.tmp`);
    const file = await open(draft, 'wx', privateModes.file);
    try {
      await file.writeFile(`${JSON.stringify(value)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    return draft;
  }

  async #sync(): Promise<void> {
    const folder = await open(this.dir, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function read<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new PwtError('PWT_LEASE_UNREADABLE', `${path} is damaged.`, { place: { path }, cause });
  }
}
