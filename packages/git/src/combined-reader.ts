import { CliGitReader } from './cli-reader.js';
import type { Commit } from './commit-object.js';
import type { Repository } from './discovery.js';
import type { Git } from './git.js';
import { IsomorphicGitReader } from './isomorphic-reader.js';
import type { ObjectReader } from './object-reader.js';
import type { TreeFile } from './tree.js';

/**
 * Each question to the reader that answers it faster.
 *
 * Refs and commits in this process: a ref takes 0.5 ms instead of the 3–4 ms of a git process, and a commit
 * needs no process at all. Files and trees through the CLI: a running `cat-file` reads blobs 3–6 times and
 * files by path 20 times as fast as isomorphic-git, and `ls-tree` lists 5,000 files in 10 ms instead of 200
 * (git 2.39, isomorphic-git 1.44).
 */
export class CombinedReader implements ObjectReader {
  readonly kind = 'combined';
  readonly #inProcess: IsomorphicGitReader;
  readonly #cli: CliGitReader;

  constructor(options: { readonly git: Git; readonly repository: Repository }) {
    this.#inProcess = new IsomorphicGitReader(options.repository);
    this.#cli = new CliGitReader(options);
  }

  readRef(ref: string): Promise<string | null> {
    return this.#inProcess.readRef(ref);
  }

  readCommit(id: string): Promise<Commit | null> {
    return this.#inProcess.readCommit(id);
  }

  readBlob(id: string): Promise<Buffer | null> {
    return this.#cli.readBlob(id);
  }

  readFile(request: { readonly commit: string; readonly path: string }): Promise<Buffer | null> {
    return this.#cli.readFile(request);
  }

  listFiles(treeish: string): Promise<TreeFile[] | null> {
    return this.#cli.listFiles(treeish);
  }

  async close(): Promise<void> {
    await Promise.all([this.#inProcess.close(), this.#cli.close()]);
  }
}
