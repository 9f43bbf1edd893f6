import { randomBytes } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes } from '@pwt/core';
import { type Inbox, type InboxMessage, parseMessage, type ReceivedMessage } from './message.js';

/** A message is small; what is larger was not written by pwt. */
const MOST_BYTES = 128 * 1024;

/** Some file systems tell nothing of what happens in a folder. */
const LOOK_EVERY_MS = 2000;

/**
 * A private folder with one JSON file for each message. A file is written beside its name and moved there, so that no half of
 * one is read; it is removed when what it says is in the run's log.
 */
export class FileInbox implements Inbox {
  readonly #folder: string;

  /** @param folder absolute; made with the first message */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Leaves a message. @returns its id, when it is there */
  async put(message: InboxMessage, now: number): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: privateModes.folder });
    // Sorted by name, the oldest is first.
    const name = `${String(now).padStart(16, '0')}-${randomBytes(4).toString('hex')}`;
    const draft = join(this.#folder, `${name}.tmp`);
    await writeFile(draft, JSON.stringify({ v: 1, ...message }), { mode: privateModes.file, flag: 'wx' });
    await rename(draft, join(this.#folder, `${name}.json`));
    return `${name}.json`;
  }

  /** Takes a message back. @returns false if it is not there any more */
  async withdraw(id: string): Promise<boolean> {
    try {
      await unlink(join(this.#folder, id));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  async read(): Promise<readonly ReceivedMessage[]> {
    const names = await namesIn(this.#folder);
    const found: ReceivedMessage[] = [];
    for (const id of names.filter((name) => name.endsWith('.json')).sort()) {
      const message = await this.#readOne(id);
      if (message !== 'gone') found.push({ id, message });
    }
    return found;
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.#folder, id), { force: true, recursive: true });
  }

  watch(onChange: () => void): () => void {
    let watcher: FSWatcher | undefined;
    const look = () => {
      watcher ??= this.#tryWatch(onChange);
      onChange();
    };
    watcher = this.#tryWatch(onChange);
    const timer = setInterval(look, LOOK_EVERY_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
      watcher?.close();
    };
  }

  /** Nothing before the folder is there, or where the system has no watch left: the timer looks then. */
  #tryWatch(onChange: () => void): FSWatcher | undefined {
    try {
      const watcher = watch(this.#folder, { persistent: false }, onChange);
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  async #readOne(name: string): Promise<InboxMessage | undefined | 'gone'> {
    const file = join(this.#folder, name);
    try {
      const stats = await lstat(file);
      if (!stats.isFile() || stats.size > MOST_BYTES) return undefined;
      return parseMessage(await readFile(file, 'utf8'));
    } catch (error) {
      // One that can't be read must not stop a run, nor each resume of it.
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // Something else is in its place: nobody can have left a message there.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
