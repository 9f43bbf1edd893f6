import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WatchBlind } from '@pwt/core';
import { type Git, onlyIgnored } from '@pwt/git';
import { blindBy } from './blind.js';
import { type PathChanged, TreeWatch } from './tree-watch.js';

/** So many folders and files are looked for in a folder that was made meanwhile. */
const MOST_NEW = 500;

export interface CheckoutTreeOptions {
  /** Asks what is ignored. */
  readonly git: Git;
  readonly top: string;
  readonly folders: Iterable<string>;
  readonly onChange: PathChanged;
  readonly mayAdd: () => boolean;
  readonly onBlind: (blind: WatchBlind) => void;
}

/** Watches the folders of one working tree that git does not ignore, also those that are made meanwhile. */
export class CheckoutTree {
  readonly #options: CheckoutTreeOptions;
  readonly #tree: TreeWatch;
  readonly #made = new Set<string>();
  #asking: Promise<void> | undefined;
  #closed = false;

  constructor(options: CheckoutTreeOptions) {
    this.#options = options;
    this.#tree = new TreeWatch({
      top: options.top,
      folders: options.folders,
      onChange: options.onChange,
      onFolder: (path) => this.#ask(path),
      mayAdd: options.mayAdd,
      onBlind: options.onBlind,
    });
  }

  get size(): number {
    return this.#tree.size;
  }

  close(): void {
    this.#closed = true;
    this.#tree.close();
  }

  /** Watches these folders of the tree, too. */
  add(folders: Iterable<string>): void {
    this.#tree.add(folders);
  }

  /** Resolves when the folders that were made so far are watched. */
  async settled(): Promise<void> {
    while (this.#asking !== undefined) await this.#asking;
  }

  #ask(path: string): void {
    this.#made.add(path);
    this.#asking ??= this.#addMade()
      .catch((error: unknown) => {
        const blind = blindBy(error);
        if (blind !== undefined && !this.#closed) this.#options.onBlind(blind);
      })
      .finally(() => {
        this.#asking = undefined;
      });
  }

  async #addMade(): Promise<void> {
    while (this.#made.size > 0) {
      const made = [...this.#made];
      this.#made.clear();
      const tops = await this.#visible(made);
      const found = await Promise.all(tops.map((path) => contentOf(this.#options.top, path)));
      const inner = await this.#visible(found.flatMap(({ folders }) => folders));
      this.#tree.add([...tops, ...inner]);
      const shown = new Set([...tops, ...inner]);
      // What was written before there was a watch.
      for (const { files } of found) {
        for (const file of files) if (shown.has(dirname(file))) this.#options.onChange(file, true);
      }
    }
  }

  /** Those that git does not ignore. */
  async #visible(paths: readonly string[]): Promise<string[]> {
    const ignored = new Set(await onlyIgnored(this.#options.git, paths));
    return paths.filter((path) => !ignored.has(path));
  }
}

/** The folders and files in a folder, at every depth, up to a number of them. */
async function contentOf(top: string, folder: string): Promise<{ folders: string[]; files: string[] }> {
  const [folders, files]: [string[], string[]] = [[], []];
  const open = [folder];
  for (let at = open.pop(); at !== undefined && folders.length + files.length < MOST_NEW; at = open.pop()) {
    const entries = await readdir(join(top, at), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = `${at}/${entry.name}`;
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) {
        folders.push(path);
        open.push(path);
      } else files.push(path);
    }
  }
  return { folders, files };
}
