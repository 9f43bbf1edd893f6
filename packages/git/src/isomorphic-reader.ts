import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitObject } from './cat-file.js';
import { type Commit, parseCommit } from './commit-object.js';
import { contentOf, type ObjectReader, requireObjectId } from './object-reader.js';
import { requireFullRefName } from './refs.js';
import type { TreeFile } from './tree.js';
import { parseTree } from './tree-object.js';

/**
 * Reads in this process, through isomorphic-git, which finds and unpacks; what objects mean is read here.
 *
 * Right only for repositories without a `ReaderObstacle`; `openObjectReader` asks. The directories are explicit,
 * because isomorphic-git does not know linked worktrees: from one it would look for objects and refs where
 * git never puts them.
 */
export class IsomorphicGitReader implements ObjectReader {
  readonly kind = 'isomorphic-git';
  readonly #gitDir: string;
  readonly #commonDir: string;
  /** isomorphic-git keeps indexes of packs and unpacked objects here. */
  #cache: object = {};

  /** @param options as in `Repository`: the worktree's own directory, and the one that all share. */
  constructor(options: { readonly gitDir: string; readonly commonDir: string }) {
    this.#gitDir = options.gitDir;
    this.#commonDir = options.commonDir;
  }

  async readRef(ref: string): Promise<string | null> {
    if (ref === 'HEAD') {
      // Two steps at most: `HEAD`, then the name in it, which is looked up where all refs are.
      const target = await this.#resolve(this.#gitDir, 'HEAD', 2);
      return target === null || isId(target) ? target : this.readRef(target);
    }
    requireFullRefName(ref);
    // These three belong to one worktree (git help worktree, REFS).
    const own = /^refs\/(bisect|worktree|rewritten)\//.test(ref);
    return this.#resolve(own ? this.#gitDir : this.#commonDir, ref);
  }

  async readCommit(id: string): Promise<Commit | null> {
    const content = contentOf(await this.#readObject(id), 'commit');
    return content === null ? null : parseCommit(id, content);
  }

  async readBlob(id: string): Promise<Buffer | null> {
    return contentOf(await this.#readObject(id), 'blob');
  }

  async readFile(request: { readonly commit: string; readonly path: string }): Promise<Buffer | null> {
    let id = await this.#treeOf(request.commit);
    const names = request.path.split('/');
    for (const [depth, name] of names.entries()) {
      const tree = id === null ? null : contentOf(await this.#readObject(id), 'tree');
      const entry = tree === null ? undefined : parseTree(tree).find((found) => found.name === name);
      const wanted = depth === names.length - 1 ? 'blob' : 'tree';
      if (entry?.type !== wanted) return null;
      id = entry.id;
    }
    return id === null ? null : this.readBlob(id);
  }

  async listFiles(treeish: string): Promise<TreeFile[] | null> {
    const tree = await this.#treeOf(treeish);
    if (tree === null) return null;
    const files: TreeFile[] = [];
    await this.#walk(tree, '', files);
    return files;
  }

  async close(): Promise<void> {
    this.#cache = {};
  }

  async #walk(tree: string, prefix: string, files: TreeFile[]): Promise<void> {
    const content = contentOf(await this.#readObject(tree), 'tree');
    for (const { name, mode, type, id } of content === null ? [] : parseTree(content)) {
      const path = `${prefix}${name}`;
      if (type === 'tree') await this.#walk(id, `${path}/`, files);
      else files.push({ path, mode, type, id });
    }
  }

  /** The tree of a commit, of a tag of one, or the tree itself. */
  async #treeOf(id: string): Promise<string | null> {
    const object = await this.#readObject(id);
    if (object?.type === 'commit') return parseCommit(id, object.content).tree;
    if (object?.type === 'tag') {
      return this.#treeOf(object.content.toString('latin1', 'object '.length, 'object '.length + 40));
    }
    return contentOf(object, 'tree') === null ? null : id;
  }

  async #readObject(id: string): Promise<GitObject | null> {
    requireObjectId(id);
    const git = await import('isomorphic-git');
    const read = async (): Promise<GitObject | null> => {
      const found = await git.readObject({
        ...{ fs, gitdir: this.#commonDir, oid: id, format: 'content', cache: this.#cache },
      });
      return { id, type: found.type as GitObject['type'], content: Buffer.from(found.object as Uint8Array) };
    };
    try {
      return await read();
    } catch {
      // What is remembered of the packs may be out of date after a repack: look again with a fresh memory.
      this.#cache = {};
      return nullIfNotFound(read());
    }
  }

  /**
   * isomorphic-git reads `packed-refs` before the loose ref, git the other way round. If refs are packed in
   * between, it finds nothing, or the value from before; so look again if that file changed meanwhile.
   */
  async #resolve(gitdir: string, ref: string, depth?: number): Promise<string | null> {
    const git = await import('isomorphic-git');
    for (;;) {
      const before = await this.#packedRefsState();
      // Of `refs/heads/x` isomorphic-git also tries `refs/heads/refs/heads/x`.
      const name = ref === 'HEAD' ? ref : await nullIfNotFound(git.expandRef({ fs, gitdir, ref }));
      const id =
        name === ref
          ? await nullIfNotFound(
              git.resolveRef({ fs, gitdir, ref, ...(depth === undefined ? {} : { depth }) }),
            )
          : null;
      if ((await this.#packedRefsState()) === before) return id;
    }
  }

  async #packedRefsState(): Promise<string> {
    const found = await stat(join(this.#commonDir, 'packed-refs'), { bigint: true }).catch(() => null);
    return found === null ? '' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
  }
}

async function nullIfNotFound<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'NotFoundError') return null;
    throw error;
  }
}

function isId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
