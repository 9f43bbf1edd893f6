import { join, sep } from 'node:path';
import type { Diagnostic } from '@pwt/core';
import { mapBounded } from './bounded.js';
import { type FolderEntry, nodeFileSystem, type SourceFileSystem } from './file-system.js';
import { readText } from './read-text.js';

const READS_AT_ONCE = 32;

/** A path that does not say where it leads. */
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/;

/** A file to read. */
export interface WantedFile {
  readonly path: string;
  /** The task that the file belongs to, by its name: a problem with the file is then reported for that task. */
  readonly taskId?: string | undefined;
}

/**
 * The files of a checkout, as formats read them. Paths are relative to the root, `/` as separator, `''` for the
 * root itself.
 *
 * Nothing outside of the root is read: a symbolic link that leads out is reported instead. Missing and unreadable files
 * are left out without an error; {@link problems} has the diagnostics. Each folder is listed once, so make a new object to
 * see changes.
 */
export class Checkout {
  /** The diagnostics about files so far. */
  readonly problems: Diagnostic[] = [];
  readonly #root: string;
  readonly #fs: SourceFileSystem;
  readonly #listings = new Map<string, Promise<ReadonlyMap<string, FolderEntry>>>();
  /** Real folders inside of real folders: no link can lead out of them. */
  readonly #real = new Set<string>(['']);
  readonly #missing = new Set<string>();
  #realRoot: Promise<string> | undefined;

  /** @param root absolute */
  constructor(root: string, fs: SourceFileSystem = nodeFileSystem) {
    this.#root = root;
    this.#fs = fs;
  }

  /** The entries of a folder, sorted by name; empty if there is no such folder. Links are not followed. */
  async entries(folder: string): Promise<readonly FolderEntry[]> {
    return [...(await this.#listing(folder)).values()];
  }

  /** The names of the folders in a folder, sorted. */
  async folders(folder: string): Promise<readonly string[]> {
    return (await this.entries(folder)).filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  }

  /** True if there is a file, or a link, of this path. */
  async has(path: string): Promise<boolean> {
    const kind = await this.#kindOf(path);
    return kind === 'file' || kind === 'link';
  }

  /** The text of a file; `undefined` if there is none or it can't be used. */
  async read(path: string, taskId?: string): Promise<string | undefined> {
    return (await this.readAll([{ path, taskId }]))[0];
  }

  /** The texts of many files, in the order asked. */
  async readAll(files: readonly WantedFile[]): Promise<readonly (string | undefined)[]> {
    const reads = await mapBounded(files, READS_AT_ONCE, (file) => this.#read(file));
    for (const { diagnostics } of reads) this.problems.push(...diagnostics);
    return reads.map(({ text }) => text);
  }

  async #read({ path, taskId }: WantedFile): ReturnType<typeof readText> {
    const kind = await this.#kindOf(path);
    if (kind !== 'file' && kind !== 'link') return { diagnostics: [] };
    const target = kind === 'link' ? await this.#targetOf(path) : undefined;
    if (target === 'missing') return { diagnostics: [unreadable(path, 'the link leads to no file')] };
    if (target) return { diagnostics: [target] };
    return readText({ absolutePath: join(this.#root, path), path, taskId }, this.#fs);
  }

  async #kindOf(path: string): Promise<FolderEntry['kind'] | undefined> {
    const slash = path.lastIndexOf('/');
    const listing = await this.#listing(slash < 0 ? '' : path.slice(0, slash));
    return listing.get(path.slice(slash + 1))?.kind;
  }

  #listing(folder: string): Promise<ReadonlyMap<string, FolderEntry>> {
    let listing = this.#listings.get(folder);
    if (!listing) {
      listing = this.#list(folder);
      this.#listings.set(folder, listing);
    }
    return listing;
  }

  async #list(folder: string): Promise<ReadonlyMap<string, FolderEntry>> {
    if (await this.#isMissing(folder)) return new Map();
    const target = this.#real.has(folder) ? undefined : await this.#targetOf(folder);
    if (target) {
      // A folder in which tasks might be may be missing.
      if (target !== 'missing') this.problems.push(target);
      return new Map();
    }
    try {
      const entries = [...(await this.#fs.list(join(this.#root, folder)))].sort(byName);
      for (const { name, kind } of entries) if (kind === 'folder') this.#real.add(below(folder, name));
      return new Map(entries.map((entry) => [entry.name, entry]));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!isMissing(code)) this.problems.push(unreadable(folder, message));
      return new Map();
    }
  }

  /** Known without a further look at the disk: formats ask for many folders that are not there. */
  async #isMissing(folder: string): Promise<boolean> {
    if (folder === '' || DOTS.test(folder)) return false;
    const slash = folder.lastIndexOf('/');
    const parent = slash < 0 ? '' : folder.slice(0, slash);
    const listing = await this.#listing(parent);
    const isMissing =
      this.#missing.has(parent) || (listing.size > 0 && !listing.has(folder.slice(slash + 1)));
    if (isMissing) this.#missing.add(folder);
    return isMissing;
  }

  /** Why a path can't be followed: it leads out of the root, to nothing, or can't be resolved. */
  async #targetOf(path: string): Promise<Diagnostic | 'missing' | undefined> {
    try {
      this.#realRoot ??= this.#fs.realPath(this.#root);
      const [root, real] = await Promise.all([this.#realRoot, this.#fs.realPath(join(this.#root, path))]);
      return real === root || real.startsWith(root + sep) ? undefined : outside(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return isMissing(code) ? 'missing' : unreadable(path, message);
    }
  }
}

/** True for an entry that can be read as a file. */
export function isFile({ kind }: FolderEntry): boolean {
  return kind === 'file' || kind === 'link';
}

/** The path of an entry of a folder. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function byName(a: FolderEntry, b: FolderEntry): number {
  return a.name < b.name ? -1 : 1;
}

function isMissing(code: string | undefined): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unreadable(path: string, why: string): Diagnostic {
  return problem('PWT_SPEC_UNREADABLE', path, `can't be read: ${why}`);
}

function outside(path: string): Diagnostic {
  return problem(
    'PWT_SPEC_OUTSIDE',
    path,
    'is a symbolic link that leads out of the repository; it is not read.',
  );
}

function problem(code: Diagnostic['code'], path: string, what: string): Diagnostic {
  const shown = path || '.';
  return { code, severity: 'error', message: `"${shown}" ${what}`, path: shown };
}
