import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  compareTrees,
  FOLDER_MODE,
  findHidden,
  type Git,
  type ObjectReader,
  objectsOf,
  type Quarantine,
  readCommitObject,
  readStatus,
} from '@pwt/git';
import { conversionIn, conversionOf, type ReadingConfig, widest } from './conversion.js';
import { type FileEntry, isSameEntry, type Overlay } from './entries.js';
import { FileReader, type KnownFiles } from './file-reader.js';
import { FolderWatch, type WatchBudget } from './folder-watch.js';
import { eachOf } from './pool.js';
import { readIfThere } from './read-if-there.js';
import { RealFolders, statsAt } from './real-folders.js';
import { type Folders, filesBelow, lookUp, writeOverlaid } from './trees.js';
import { knownToGit, newFolders, readUntracked } from './untracked.js';

/** What all checkouts of a repository share. */
export interface CheckoutContext {
  readonly git: Git;
  readonly commonDir: string;
  readonly config: ReadingConfig;
  readonly folders: Folders;
  /** Without one, nothing is watched. */
  readonly watches?: WatchBudget;
}

/** Where a checkout is, and what is checked out there. */
export interface CheckoutPlace {
  /** Absolute. */
  readonly path: string;
  /** Its own git directory. Absolute. */
  readonly gitDir: string;
  readonly head: string;
}

/** What lies in a checkout. */
export interface CheckoutState {
  readonly head: string;
  /** Of {@link head}. */
  readonly headTree: string;
  readonly overlay: Overlay;
}

/** From so many paths on, one look at everything is cheaper than a look at each. */
const MANY = 2000;

/**
 * One checkout, as it lies there: the commit, and how the files differ from it. Once it is known, only what has moved is read
 * again. Its index, its files and their times stay as they are: git only reads there, and takes no lock.
 */
export class Checkout {
  readonly path: string;
  readonly #context: CheckoutContext;
  readonly #gitDir: string;
  readonly #git: Git;
  readonly #objects: ObjectReader;
  readonly #known: KnownFiles = new Map();
  #watch: FolderWatch | undefined;
  #state: CheckoutState | undefined;
  /** The commit with all of {@link #state}, once somebody has asked for it. */
  #commit: Promise<string> | undefined;
  #isStale = true;
  #isBehind = false;
  /** True if what was read is to be read again. */
  #isForgotten = false;
  constructor(context: CheckoutContext, { path, gitDir }: CheckoutPlace) {
    this.path = path;
    this.#context = context;
    this.#gitDir = gitDir;
    this.#git = context.git.inWorktree({ path, gitDir, commonDir: context.commonDir });
    this.#objects = objectsOf(context.git);
  }

  /** What is known; `undefined` before the first look. */
  get state(): CheckoutState | undefined {
    return this.#state;
  }

  /** True if only a look at everything tells what lies there. */
  get needsScan(): boolean {
    return this.#isStale || this.#watch === undefined;
  }

  /** True if the last look was not allowed to look at everything, and would have had to. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Forgets what is in a quarantine that is gone. */
  forget(): void {
    this.#known.clear();
    this.#commit = undefined;
    this.#isForgotten = true;
  }

  /**
   * A commit with all that is known, in the quarantine; the one that is checked out itself if nothing is uncommitted. Most are
   * never merged, and are not made.
   */
  commit(quarantine: Quarantine): Promise<string> {
    if (this.#state === undefined) throw new Error('A checkout has no commit before the first look.');
    this.#commit ??= this.#makeCommit(this.#state, quarantine);
    return this.#commit;
  }

  /**
   * Looks at what has moved.
   *
   * @param mayScan asked where everything would have to be looked at; false: only what was committed is
   * @returns true if something is different
   */
  async look(head: string, quarantine: Quarantine, mayScan: () => boolean): Promise<boolean> {
    const before = this.#state;
    const headTree = before?.head === head ? before.headTree : await this.#treeOf(head);
    if (before === undefined && !mayScan()) {
      this.#isBehind = true;
      return false;
    }
    if (before === undefined) await this.#beginWatch(headTree);
    const seen = this.#watch?.take();
    if (seen?.isFlooded || (seen && seen.paths.size > MANY)) this.#isStale = true;
    if (seen && [...seen.paths].some(changesRules)) this.#isStale = true;
    const headMoved = before !== undefined && before.head !== head;
    const hasMoved = headMoved || this.#isForgotten || (seen !== undefined && seen.paths.size > 0);
    // What is not checked out is not deleted.
    if (hasMoved && (await this.#isSparse())) this.#isStale = true;
    const scans = this.needsScan && (before === undefined || mayScan());
    this.#isBehind = this.needsScan && !scans;
    if (!scans && !hasMoved) return false;
    const at = { head, headTree, quarantine };
    try {
      if (scans) await this.#read(at, await this.#scan(), new Map());
      else {
        const paths = await this.#movedPaths(headTree, seen?.paths ?? new Set());
        if (headMoved) await this.#addCommitted(paths, before, headTree);
        if (this.#isForgotten) for (const path of before?.overlay.keys() ?? []) paths.add(path);
        await this.#read(at, paths, before?.overlay ?? new Map());
      }
    } catch (error) {
      // What was told is lost: the next look goes over everything.
      this.#isStale = true;
      throw error;
    }
    this.#isForgotten = false;
    return before === undefined || !isSameState(before, this.#state);
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#isStale = true;
  }

  /** Watches before it is looked at, so that nothing is missed in between. */
  async #beginWatch(headTree: string): Promise<void> {
    const { watches, folders } = this.#context;
    if (watches === undefined || this.#watch !== undefined) return;
    this.#watch = new FolderWatch(this.path, watches);
    this.#watchFolders(['', ...(await folders.in(this.#objects, headTree))]);
  }

  /** Without enough watches, everything is looked at instead. */
  #watchFolders(folders: readonly string[]): void {
    if (this.#watch === undefined || this.#watch.add(folders)) return;
    this.close();
  }

  /** The paths that git finds to differ, by a look at everything. */
  async #scan(): Promise<Set<string>> {
    this.#isStale = false;
    // Nothing is checked out yet: all that git would tell is that every file is missing.
    if (!(await isThere(join(this.#gitDir, 'index')))) return new Set();
    const isWatched = this.#watch !== undefined;
    // One walk through all folders is enough: where folders are watched, it is the one that tells of empty ones, too.
    const entries = await readStatus(this.#git, { renames: false, untracked: isWatched ? 'no' : 'all' });
    const hidden = await findHidden(this.#git);
    const paths = new Set([...entries, ...hidden].map(({ path }) => path).filter(isFile));
    if (isWatched) await this.#addUntracked(paths);
    return paths;
  }

  /** Adds the files that git does not know, and watches the folders that are in no commit. */
  async #addUntracked(paths: Set<string>): Promise<void> {
    const untracked = await readUntracked(this.#git);
    const folders = untracked.filter((path) => !isFile(path)).map((path) => path.slice(0, -1));
    for (const path of untracked.filter(isFile)) paths.add(path);
    const fresh = folders.length === 0 ? [] : await newFolders(this.#git, this.path, folders);
    this.#watchFolders([...foldersOf([...paths]), ...fresh]);
    // What comes into a folder from now on is told.
    for (const path of await knownToGit(this.#git, folders)) paths.add(path);
  }

  async #treeOf(commit: string): Promise<string> {
    return (await readCommitObject(this.#objects, commit))?.tree ?? '';
  }

  /** The paths to be looked at after these have moved: files, and what is in folders. */
  async #movedPaths(headTree: string, moved: ReadonlySet<string>): Promise<Set<string>> {
    const { overlay = new Map<string, FileEntry | null>() } = this.#state ?? {};
    const paths = new Set<string>();
    const unknown: string[] = [];
    const folders: string[] = [];
    const real = new RealFolders(this.path);
    for (const path of [...moved].filter((one) => !isGits(one))) {
      const inHead = await lookUp(this.#objects, headTree, path);
      const kind = this.#kindAt(path, real);
      if (kind === 'folder') folders.push(path);
      const isFolder = kind === 'folder' || inHead?.mode === FOLDER_MODE || hasBelow(overlay, path);
      if (isFolder) for (const file of await this.#filesBelow(headTree, overlay, path)) paths.add(file);
      if (kind === 'file' && inHead === null && !overlay.has(path)) unknown.push(path);
      else if (kind !== 'folder' || overlay.has(path)) paths.add(path);
    }
    if (folders.length > 0) this.#watchFolders(await newFolders(this.#git, this.path, folders));
    // Files may have come into a new folder before it was watched.
    for (const path of await knownToGit(this.#git, [...unknown, ...folders])) paths.add(path);
    return paths;
  }

  #kindAt(path: string, real: RealFolders): 'nothing' | 'folder' | 'file' {
    const stats = real.has(dirname(path)) ? statsAt(join(this.path, path)) : null;
    return stats === null ? 'nothing' : stats.isDirectory() ? 'folder' : 'file';
  }

  async #filesBelow(headTree: string, overlay: Overlay, folder: string): Promise<string[]> {
    const known = [...overlay.keys()].filter((path) => path.startsWith(`${folder}/`));
    return [...known, ...(await filesBelow(this.#objects, headTree, folder))];
  }

  /** After a commit or a checkout: what it changed, and what differed before. */
  async #addCommitted(paths: Set<string>, before: CheckoutState, headTree: string): Promise<void> {
    for (const path of before.overlay.keys()) paths.add(path);
    for (const { path } of await compareTrees(this.#objects, before.headTree, headTree)) paths.add(path);
  }

  /** Reads these paths; the others are as they were in `overlay`. */
  async #read(
    at: Pick<CheckoutState, 'head' | 'headTree'> & { readonly quarantine: Quarantine },
    paths: ReadonlySet<string>,
    overlay: Overlay,
  ): Promise<void> {
    const { head, headTree, quarantine } = at;
    const reader = await this.#reader(at, paths);
    const now = new Map(overlay);
    const toConvert: { readonly path: string; readonly mode: string }[] = [];
    await eachOf([...paths], async (path) => {
      const found = await lookUp(this.#objects, headTree, path);
      const before = found?.mode === FOLDER_MODE ? null : found;
      // A submodule counts by its commit alone.
      if (before?.mode === GITLINK_MODE) return;
      const file = await reader.read(path, before);
      if (file.kind === 'convert') toConvert.push({ path, mode: file.mode });
      put(now, path, file.kind === 'file' ? file.entry : null, before);
    });
    const ids = await this.#convert(
      toConvert.map(({ path }) => path),
      quarantine,
    );
    for (const [index, { path, mode }] of toConvert.entries()) {
      const id = ids[index];
      if (id !== undefined) put(now, path, { mode, id }, await lookUp(this.#objects, headTree, path));
    }
    if (this.#state && isSameState(this.#state, { head, headTree, overlay: now })) return;
    this.#state = { head, headTree, overlay: now };
    this.#commit = undefined;
  }

  async #reader(
    { headTree, quarantine }: Pick<CheckoutState, 'headTree'> & { readonly quarantine: Quarantine },
    paths: ReadonlySet<string>,
  ): Promise<FileReader> {
    const { git, commonDir, config } = this.#context;
    const own = [...paths].filter((path) => basename(path) === '.gitattributes');
    const texts = await Promise.all(own.map((path) => readIfThere(join(this.path, path))));
    const inCommit = await conversionIn(git, commonDir, headTree);
    const conversion = widest([config.conversion, inCommit, ...texts.map(conversionOf)]);
    const { fileMode } = config;
    return new FileReader(
      { top: this.path, quarantine, idLength: headTree.length, fileMode, conversion },
      this.#known,
    );
  }

  /** Reads files as git does, by their attributes. Their ids; none if git can't read one of them. */
  async #convert(paths: readonly string[], quarantine: Quarantine): Promise<readonly string[]> {
    // They are read a line each.
    if (paths.length === 0 || paths.some((path) => path.includes('\n'))) return [];
    const env = { GIT_OBJECT_DIRECTORY: quarantine.objects };
    const input = paths.map((path) => `${path}\n`).join('');
    const args = ['-c', 'core.fsync=none', 'hash-object', '-w', '--stdin-paths'];
    const ids = await this.#git.lines(args, { env, input, okExitCodes: [0, 128] });
    return ids.length === paths.length ? ids : [];
  }

  async #makeCommit({ head, headTree, overlay }: CheckoutState, quarantine: Quarantine): Promise<string> {
    if (overlay.size === 0) return head;
    const tree = await writeOverlaid(this.#objects, quarantine, headTree, overlay);
    if (tree === headTree) return head;
    const who = 'pwt <pwt@localhost> 0 +0000';
    const text = `tree ${tree}\nparent ${head}\nauthor ${who}\ncommitter ${who}\n\npwt: radar\n`;
    return quarantine.write('commit', Buffer.from(text), head.length);
  }

  #isSparse(): Promise<boolean> {
    return isThere(join(this.#gitDir, 'info', 'sparse-checkout'));
  }
}

const GITLINK_MODE = '160000';

function put(
  overlay: Map<string, FileEntry | null>,
  path: string,
  now: FileEntry | null,
  before: FileEntry | null,
): void {
  if (isSameEntry(now, before)) overlay.delete(path);
  else overlay.set(path, now);
}

function isSameState(a: CheckoutState, b: CheckoutState | undefined): boolean {
  if (a.head !== b?.head || a.overlay.size !== b.overlay.size) return false;
  return [...a.overlay].every(
    ([path, entry]) => b.overlay.has(path) && isSameEntry(entry, b.overlay.get(path)),
  );
}

/** Git ends what it tells of folders with a slash. */
function isFile(path: string): boolean {
  return !path.endsWith('/');
}

function hasBelow(overlay: Overlay, folder: string): boolean {
  for (const path of overlay.keys()) if (path.startsWith(`${folder}/`)) return true;
  return false;
}

/** True for what is git's own, at the top or of a repository inside. */
function isGits(path: string): boolean {
  return path.split('/').includes('.git');
}

/** True for a file that decides on how others are seen: git looks again. */
function changesRules(path: string): boolean {
  return ['.gitignore', '.gitattributes'].includes(basename(path));
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Every folder on the way to these paths. */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  return folders;
}
