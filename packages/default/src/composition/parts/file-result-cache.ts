import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { privateModes } from '@pwt/core';
import { hashText, type ResultCache } from '@pwt/separator';

/** Larger files are not worth reading. */
const MOST_CHARACTERS = 32_000_000;

export interface FileResultCacheOptions {
  /** Absolute; made when there is something to keep. */
  readonly file: string;
  /** Stands for the code that works things out: what other code left behind is not used. One line. */
  readonly build: string;
}

/**
 * Results in a file: a first line that names the build, then one line `<key> <JSON>` each, the least recently
 * used first.
 *
 * It only saves time. A file that is damaged, or can't be read or written, costs nothing but that.
 */
export class FileResultCache implements ResultCache {
  readonly #options: FileResultCacheOptions;
  /** JSON by key; what has been asked for moves to the end. */
  readonly #kept: Map<string, string>;
  #changed = false;

  private constructor(options: FileResultCacheOptions, kept: Map<string, string>) {
    this.#options = options;
    this.#kept = kept;
  }

  static async open(options: FileResultCacheOptions): Promise<FileResultCache> {
    const text = await readFile(options.file, 'utf8').catch(() => '');
    const [build, ...lines] = text.split('\n');
    return new FileResultCache(options, new Map(build === options.build ? lines.flatMap(readLine) : []));
  }

  recall<T>(kind: string, inputs: () => readonly string[], make: () => T): T {
    const key = `${kind}-${hashText(JSON.stringify(inputs()))}`;
    const json = this.#kept.get(key);
    if (json !== undefined) {
      const value = tryParse(json) as T | undefined;
      this.#kept.delete(key);
      if (value !== undefined) {
        this.#kept.set(key, json);
        return value;
      }
    }
    const made = make();
    this.#kept.set(key, JSON.stringify(made));
    this.#changed = true;
    return made;
  }

  /** Writes what is new. */
  async dispose(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const { file, build } = this.#options;
    const lines: string[] = [];
    let size = 0;
    for (const [key, json] of [...this.#kept].reverse()) {
      size += key.length + json.length + 2;
      if (size > MOST_CHARACTERS) break;
      lines.push(`${key} ${json}\n`);
    }
    const draft = `${file}.${process.pid}`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
      await writeFile(draft, `${build}\n${lines.reverse().join('')}`, { mode: privateModes.file });
      await rename(draft, file);
    } catch {
      // A checkout that can't be written to, or a full disk: whatever needs the disk itself says so.
    }
  }
}

function readLine(line: string): [string, string][] {
  const space = line.indexOf(' ');
  return space < 0 ? [] : [[line.slice(0, space), line.slice(space + 1)]];
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // A damaged line: worked out anew.
    return undefined;
  }
}
