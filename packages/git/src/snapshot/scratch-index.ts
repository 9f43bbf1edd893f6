import type { Git, GitResult, GitRunOptions } from '../git.js';

/** One line of an index or a tree. */
export interface IndexLine {
  /** In octal, six digits. */
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

/** An index file of our own, to make trees with. It locks and changes nothing else. */
export class ScratchIndex {
  readonly #git: Git;
  readonly #env: Readonly<Record<string, string>>;
  #config: readonly string[] = [];

  constructor(git: Git, file: string) {
    this.#git = git;
    this.#env = { GIT_INDEX_FILE: file };
  }

  /** Arguments (`-c`, `key=value`) for every command from here on. */
  configure(config: readonly string[]): void {
    this.#config = config;
  }

  run(args: readonly string[], options: GitRunOptions = {}): Promise<GitResult> {
    return this.#git.run([...this.#config, ...args], { ...options, env: { ...this.#env, ...options.env } });
  }

  async zRecords(args: readonly string[], options: GitRunOptions = {}): Promise<string[]> {
    return this.#git.zRecords(args, { ...options, env: { ...this.#env, ...options.env } });
  }

  /** Adds lines; the folders that they need come by themselves. */
  async add(lines: readonly IndexLine[]): Promise<void> {
    if (lines.length === 0) return;
    const input = lines.map(({ mode, id, path }) => `${mode} ${id} 0\t${path}\0`).join('');
    await this.run(['update-index', '-z', '--add', '--replace', '--index-info'], { input });
  }

  /** Adds a whole tree below a folder. */
  async addTree(tree: string, folder: string): Promise<void> {
    await this.run(['read-tree', `--prefix=${folder}/`, tree]);
  }

  /** Objects that a partial clone has not fetched may be missing, and stay so. */
  async writeTree(): Promise<string> {
    return (await this.run(['write-tree', '--missing-ok'])).stdout.trimEnd();
  }
}
