import type { Git } from '../git.js';
import { readCommitObject, readTreeId } from '../objects/commit-object.js';
import { type ObjectReader, objectsOf } from '../objects/object-reader.js';
import { takeApart } from './read-snapshot.js';

/** For how many starts the trees after them are remembered: each may be a long history. */
const MOST_STARTS = 16;

/**
 * Says which snapshots a commit contains everything of: their commits by object id, their files as the tree of a commit
 * between their HEAD and that one, and nothing beside them.
 *
 * For the snapshots of many tasks: what is the same for those that started from the same commit is asked once.
 */
export class Containment {
  readonly #git: Git;
  readonly #objects: ObjectReader;
  readonly #target: string;
  readonly #contained = new Map<string, Promise<boolean>>();
  readonly #treesSince = new Map<string, Promise<ReadonlySet<string>>>();
  #emptyTree: Promise<string> | undefined;

  /** @param target the full id of the commit */
  constructor(git: Git, target: string) {
    this.#git = git;
    this.#objects = objectsOf(git);
    this.#target = target;
  }

  /** @param snapshot its commit's full id */
  async holds(snapshot: string): Promise<boolean> {
    const parts = await takeApart(snapshot, (id) => readCommitObject(this.#objects, id));
    const { head, tree, staged, extra, commits } = parts;
    if (extra !== null && extra !== (await this.#empty())) return false;
    for (const commit of [head, ...commits]) if (!(await this.#holdsCommit(commit))) return false;
    const headTree = await readTreeId(this.#objects, head);
    const wanted = [tree, staged].filter((id) => id !== headTree);
    if (wanted.length === 0) return true;
    const trees = await this.#treesAfter(head);
    return wanted.every((id) => trees.has(id));
  }

  #holdsCommit(commit: string): Promise<boolean> {
    return once(this.#contained, commit, async () => {
      const loose = await this.#git.text(['rev-list', '--count', commit, `^${this.#target}`]);
      return loose === '0';
    });
  }

  #treesAfter(head: string): Promise<ReadonlySet<string>> {
    if (this.#treesSince.size >= MOST_STARTS && !this.#treesSince.has(head)) this.#treesSince.clear();
    return once(
      this.#treesSince,
      head,
      async () => new Set(await this.#git.lines(['log', '--format=%T', `${head}..${this.#target}`])),
    );
  }

  #empty(): Promise<string> {
    this.#emptyTree ??= this.#git.text(['hash-object', '-t', 'tree', '--stdin'], { input: '' });
    return this.#emptyTree;
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}
