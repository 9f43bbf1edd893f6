import type { CommitId } from '@pwt/core';
import {
  type ChangedFile,
  compareTrees,
  type Git,
  isAncestor,
  objectsOf,
  requireCommit,
  requireTree,
  resolveObject,
} from '@pwt/git';

/** A merge commit that this process has made. */
interface KnownMerge {
  readonly commit: CommitId;
  readonly parents: readonly CommitId[];
  /** What it changes against its first parent, renames unpaired. */
  readonly changes: readonly ChangedFile[];
}

/** Of how many merges the tree is remembered: a landing queue asks for it when it tests them. */
const TREES_KEPT = 1000;

/** How many merges are remembered: a merge lands soon after it is made. Git is asked about older ones. */
const KEPT = 8;

/**
 * Remembers the merges that were just made, so that git is not asked again when they land. It holds only facts about
 * commits by id, which never change.
 */
export class KnownMerges {
  readonly #merges = new Map<CommitId, KnownMerge>();
  readonly #trees = new Map<CommitId, string>();

  add(merge: KnownMerge): void {
    this.#merges.set(merge.commit, merge);
    if (this.#merges.size <= KEPT) return;
    for (const oldest of this.#merges.keys()) {
      this.#merges.delete(oldest);
      return;
    }
  }

  addTree(commit: CommitId, tree: string): void {
    if (this.#trees.size >= TREES_KEPT) this.#trees.clear();
    this.#trees.set(commit, tree);
  }

  /**
   * The id of a commit's tree.
   *
   * @throws PWT_COMMIT_NOT_FOUND
   */
  async tree(git: Git, commit: CommitId): Promise<string> {
    const known = this.#trees.get(commit);
    if (known !== undefined) return known;
    // Where there is no tree, there is no such commit.
    const tree = (await resolveObject(git, `${commit}^{tree}`)) ?? (await requireCommit(git, commit));
    this.addTree(commit, tree);
    return tree;
  }

  /** True if `descendant` contains `ancestor`. */
  async contains(
    git: Git,
    request: { readonly ancestor: CommitId; readonly descendant: CommitId },
  ): Promise<boolean> {
    if (this.#merges.get(request.descendant)?.parents.includes(request.ancestor) === true) return true;
    return isAncestor(git, request);
  }

  /** What differs between two commits, renames unpaired. */
  async changes(
    git: Git,
    { from, to }: { readonly from: CommitId; readonly to: CommitId },
  ): Promise<readonly ChangedFile[]> {
    const merge = this.#merges.get(to);
    if (merge?.parents[0] === from) return merge.changes;
    const [before, after] = await Promise.all([requireTree(git, from), requireTree(git, to)]);
    return compareTrees(objectsOf(git), before, after);
  }
}
