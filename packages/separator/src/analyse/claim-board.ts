import type { Claim, FileTree } from '@pwt/core';
import { type ClaimConflict, ClaimIndex, type MeetingKind } from '@pwt/scope';
import { type TreeIndex, treeIndexOf } from '../paths/tree-index.js';
import { filesOfTask } from './files-of-task.js';
import { sharedPaths } from './shared-paths.js';

/** Two tasks whose claims meet, with the first reason in full. */
export interface TaskConflict {
  /** In the order of the request. */
  readonly tasks: readonly [string, string];
  /** `possible`: only a claim that is itself merely possible, or a read beside a write. */
  readonly verdict: 'conflict' | 'possible';
  /** Paths that both touch; files of the tree where there are any, else the witnesses. At most 50. */
  readonly paths: readonly string[];
  /** A path that {@link mine} and {@link theirs} both match. */
  readonly witness: string;
  readonly kind: MeetingKind;
  /** The claim of the first task. */
  readonly mine: Claim;
  /** The claim of the second task. */
  readonly theirs: Claim;
}

/** A path that keeps several tasks apart. */
export interface ContestedFile {
  readonly path: string;
  /** In the order of the request. */
  readonly tasks: readonly string[];
}

/** What tasks claim and what they have against each other, changed task by task. */
export class ClaimBoard {
  readonly #tree: TreeIndex;
  readonly #index = new ClaimIndex();
  readonly #claims = new Map<string, readonly Claim[]>();
  readonly #files = new Map<string, readonly string[]>();

  constructor(tree: FileTree) {
    this.#tree = treeIndexOf(tree);
  }

  /**
   * Replaces what a task claims. O(its claims).
   *
   * @throws PwtError for a claim whose pattern can't be parsed.
   */
  set(taskId: string, claims: readonly Claim[]): void {
    this.delete(taskId);
    this.#index.add(taskId, claims);
    this.#claims.set(taskId, claims);
  }

  delete(taskId: string): void {
    this.#index.remove(taskId);
    this.#claims.delete(taskId);
    this.#files.delete(taskId);
  }

  /** The files that a task will change. */
  filesOf(taskId: string): readonly string[] {
    let files = this.#files.get(taskId);
    if (!files) {
      files = filesOfTask(this.#claims.get(taskId) ?? [], this.#tree);
      this.#files.set(taskId, files);
    }
    return files;
  }

  /** What one task has against all others. */
  conflictsOf(taskId: string): readonly TaskConflict[] {
    return this.against(taskId, this.#claims.get(taskId) ?? []);
  }

  /** What these claims have against all other tasks: per task its gravest reason, with all shared paths. */
  against(taskId: string, own: readonly Claim[]): readonly TaskConflict[] {
    const reasons = new Map<string, ClaimConflict[]>();
    for (const reason of this.#index.conflictsWith(own, { except: taskId })) {
      const known = reasons.get(reason.taskId);
      if (known) known.push(reason);
      else reasons.set(reason.taskId, [reason]);
    }
    return [...reasons].map(([other, all]) => this.#conflict(taskId, other, all));
  }

  /** @param order the place of each task in lists of tasks */
  hotFiles(order: ReadonlyMap<string, number>): readonly ContestedFile[] {
    const place = (taskId: string) => order.get(taskId) ?? 0;
    return this.#index.hotFiles().map(({ path, claimants }) => ({
      path,
      tasks: [...new Set([...claimants].map(({ taskId }) => taskId))].sort((a, b) => place(a) - place(b)),
    }));
  }

  #conflict(taskId: string, other: string, all: readonly ClaimConflict[]): TaskConflict {
    const grave = all.filter(({ relation }) => relation === 'conflict');
    const counted = this.#inOrder(other, grave.length > 0 ? grave : all);
    const [first] = counted as [ClaimConflict];
    return {
      tasks: [taskId, other],
      verdict: first.relation,
      paths: sharedPaths(counted, this.#tree.files),
      witness: first.witness,
      kind: first.kind,
      mine: first.mine,
      theirs: first.theirs,
    };
  }

  /** In the order of my claims and then of theirs, so that it does not matter who came first. */
  #inOrder(other: string, reasons: readonly ClaimConflict[]): readonly ClaimConflict[] {
    if (reasons.length < 2) return reasons;
    const theirs = new Map(this.#claims.get(other)?.map((claim, at) => [claim, at]));
    const mine = new Map<Claim, number>();
    for (const reason of reasons) if (!mine.has(reason.mine)) mine.set(reason.mine, mine.size);
    const place = ({ mine: a, theirs: b }: ClaimConflict) =>
      (mine.get(a) ?? 0) * (theirs.size + 1) + (theirs.get(b) ?? 0);
    return [...reasons].sort((a, b) => place(a) - place(b));
  }
}
