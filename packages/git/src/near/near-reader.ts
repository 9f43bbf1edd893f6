import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromiseFsClient } from 'isomorphic-git';
import { isSha1, smallFiles } from './small-files.js';

/** What a git process costs in reads: it takes 4–5 ms, a read in this process 0.5. */
const READS_PER_PROCESS = 8;

/** Whether this process has loaded isomorphic-git. */
let isLoaded = false;

/** What it costs in reads to load isomorphic-git: 16 ms. */
const READS_PER_LOAD = 32;

/** The most reads for one question: a hard question should go to git soon. */
const MAX_CREDIT = 64;

/** How many commits are remembered, and how many are looked at for one question. */
const MAX_KNOWN = 10_000;

/** Up to this size `packed-refs` is read for one name. */
const MAX_PACKED_BYTES = 64 * 1024;

interface NearReaderOptions {
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** How many reads it may make before the first question adds to them. @default -32: the cost of loading the library; 0 once it is loaded */
  readonly credit?: number;
}

/** What it needs to know of a `Repository`. */
interface ReadableRepository {
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  readonly refFormat: string;
  readonly objectFormat: 'sha1' | 'sha256';
}

/**
 * Answers in this process, through isomorphic-git, cheap questions: the value of a ref, and whether a commit contains
 * another that is a few steps away. What it can't answer, or not for less than a git process would cost, is
 * `undefined`, and git must be asked.
 *
 * An answer is right whatever others write into the repository: an object counts only if its content hashes to its
 * id, a ref's value is what git would say at that moment, no configuration is read, and "contains" is only said
 * with a chain of parents that proves it. Objects in packs, in other repositories (alternates) and on a server
 * (partial clone), SHA-256, shallow histories and grafts are left to git.
 *
 * It has a budget of reads: each question adds the reads that a git process costs, and each read is subtracted. So it
 * never costs more than twice what git alone would, and a short command never loads the library at all.
 */
export class NearReader {
  readonly commonDir: string;
  readonly #files: PromiseFsClient;
  /** A commit's parents never change. */
  readonly #parents = new Map<string, readonly string[]>();
  #credit: number;

  /** A reader for a repository whose refs are files and whose ids are SHA-1; `undefined` for others. */
  static of({ commonDir, refFormat, objectFormat }: ReadableRepository): NearReader | undefined {
    return refFormat === 'files' && objectFormat === 'sha1' ? new NearReader({ commonDir }) : undefined;
  }

  constructor({ commonDir, credit = isLoaded ? 0 : -READS_PER_LOAD }: NearReaderOptions) {
    this.commonDir = commonDir;
    this.#files = smallFiles(commonDir);
    this.#credit = credit;
  }

  /**
   * The id that a ref leads to, through symbolic refs; tags are not peeled. `null` if there is no such ref.
   *
   * @param ref a full name, below `refs/`, of a ref that all worktrees share
   */
  async readRef(ref: string): Promise<string | null | undefined> {
    // These three belong to one worktree (git help worktree, REFS).
    if (!this.#earn() || /^refs\/(bisect|worktree|rewritten)\//.test(ref)) return undefined;
    this.#credit -= 1;
    // isomorphic-git reads `packed-refs` before the loose ref, git the other way round. If refs are packed in
    // between, it finds nothing, or the value from before.
    const before = await this.#packedRefsState();
    const id = await this.#resolve(ref);
    return (await this.#packedRefsState()) === before ? id : undefined;
  }

  /**
   * True if it is proven that a new ref can have this name: there is none of that name, none above and none below it.
   *
   * @param ref a full name, of a ref that all worktrees share
   */
  async isFree(ref: string): Promise<true | undefined> {
    const parts = ref.split('/');
    const above = parts.slice(2, -1).map((_, index) => parts.slice(0, index + 3).join('/'));
    // Loose refs first: one that is packed meanwhile is found there.
    const kinds = await Promise.all([ref, ...above].map((name) => kindOf(join(this.commonDir, name))));
    if (kinds[0] !== 'missing' || kinds.includes('other')) return undefined;
    const packed = await packedRefs(this.commonDir);
    const isTaken = packed?.some(
      (name) => name === ref || name.startsWith(`${ref}/`) || above.includes(name),
    );
    return isTaken === false ? true : undefined;
  }

  /** True if a commit is proven to contain another one; a commit contains itself. Both by full id. */
  async contains(request: {
    readonly ancestor: string;
    readonly descendant: string;
  }): Promise<true | undefined> {
    if (!this.#earn() || (await this.#isCutOff())) return undefined;
    const queue = [request.descendant];
    const seen = new Set(queue);
    for (const commit of queue) {
      const parents = await this.#parentsOf(commit);
      if (parents === undefined) continue;
      if (commit === request.ancestor || parents.includes(request.ancestor)) return true;
      if (seen.size > MAX_KNOWN) return undefined;
      for (const parent of parents) if (!seen.has(parent)) queue.push(parent);
      for (const parent of parents) seen.add(parent);
    }
    return undefined;
  }

  /** False while git is cheaper. */
  #earn(): boolean {
    this.#credit = Math.min(this.#credit + READS_PER_PROCESS, MAX_CREDIT);
    return this.#credit > 0;
  }

  async #parentsOf(commit: string): Promise<readonly string[] | undefined> {
    const known = this.#parents.get(commit);
    if (known !== undefined) return known;
    if (this.#credit <= 0 || !isSha1(commit)) return undefined;
    this.#credit -= 1;
    const { readCommit } = await import('./isomorphic.js');
    isLoaded = true;
    const read = readCommit({ fs: this.#files, gitdir: this.commonDir, oid: commit });
    // It is in a pack, too large, damaged, or no commit: git says which.
    const parents = await read.then(
      (found) => found.commit.parent,
      () => undefined,
    );
    if (parents === undefined) return undefined;
    if (this.#parents.size >= MAX_KNOWN) this.#parents.clear();
    this.#parents.set(commit, parents);
    return parents;
  }

  async #resolve(ref: string): Promise<string | null | undefined> {
    const { expandRef, resolveRef } = await import('./isomorphic.js');
    isLoaded = true;
    const where = { fs: this.#files, gitdir: this.commonDir, ref };
    try {
      // Of `refs/heads/x` isomorphic-git also tries `refs/heads/refs/heads/x`.
      if ((await expandRef(where)) !== ref) return null;
      const id = await resolveRef(where);
      return isSha1(id) ? id : undefined;
    } catch (error) {
      // Everything else (a damaged ref, a cycle of symbolic ones) is for git to say.
      return (error as { code?: unknown }).code === 'NotFoundError' ? null : undefined;
    }
  }

  /** True if git may see other parents than a commit names: in a shallow clone, and with grafts. */
  async #isCutOff(): Promise<boolean> {
    const files = ['shallow', 'info/grafts'].map((file) => fingerprint(join(this.commonDir, file)));
    return (await Promise.all(files)).some((found) => found !== '');
  }

  #packedRefsState(): Promise<string> {
    return fingerprint(join(this.commonDir, 'packed-refs'));
  }
}

/** The names in `packed-refs`; `undefined` if there are many. */
async function packedRefs(commonDir: string): Promise<readonly string[] | undefined> {
  const file = join(commonDir, 'packed-refs');
  try {
    if ((await stat(file)).size > MAX_PACKED_BYTES) return undefined;
    const lines = (await readFile(file, 'latin1')).split('\n');
    return lines.filter((line) => /^[0-9a-f]/.test(line)).map((line) => line.slice(line.indexOf(' ') + 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function kindOf(path: string): Promise<'missing' | 'folder' | 'other'> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    return 'other';
  }
}

/** What changes when a file is replaced; empty if there is none. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
