import { CatFilePool } from './cat-file-pool.js';
import { type Commit, parseCommit } from './commit-object.js';
import type { Git } from './git.js';
import { contentOf, isTreePath, type ObjectReader, requireObjectId } from './object-reader.js';
import { readRef, resolveObject } from './refs.js';
import { listFiles, type TreeFile } from './tree.js';

/** Reads through the git CLI: right for every repository that git itself can read. */
export class CliGitReader implements ObjectReader {
  readonly kind = 'git-cli';
  readonly #git: Git;
  readonly #objects: CatFilePool;

  constructor(options: { readonly git: Git }) {
    this.#git = options.git;
    this.#objects = new CatFilePool({ git: options.git });
  }

  async readRef(ref: string): Promise<string | null> {
    return ref === 'HEAD' ? resolveObject(this.#git, 'HEAD') : readRef(this.#git, ref);
  }

  async readCommit(id: string): Promise<Commit | null> {
    requireObjectId(id);
    const content = contentOf(await this.#objects.read(id), 'commit');
    return content === null ? null : parseCommit(id, content);
  }

  async readBlob(id: string): Promise<Buffer | null> {
    requireObjectId(id);
    return contentOf(await this.#objects.read(id), 'blob');
  }

  async readFile({
    commit,
    path,
  }: {
    readonly commit: string;
    readonly path: string;
  }): Promise<Buffer | null> {
    requireObjectId(commit);
    if (!isTreePath(path)) return null;
    const name = `${commit}:${path}`;
    // cat-file reads a question per line (`-z` came with git 2.38).
    const id = path.includes('\n') ? await resolveObject(this.#git, name) : name;
    const object = id === null ? null : await this.#objects.read(id);
    return object?.type === 'blob' ? object.content : null;
  }

  async listFiles(treeish: string): Promise<TreeFile[] | null> {
    requireObjectId(treeish);
    if ((await resolveObject(this.#git, `${treeish}^{tree}`)) === null) return null;
    return listFiles(this.#git, treeish);
  }

  async close(): Promise<void> {
    await this.#objects.close();
  }
}
