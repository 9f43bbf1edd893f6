import { ClaimIndex } from '@pwt/claims';
import type { Claim, TrackedPaths } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { type ContestedFile, contestedFiles } from './contested-file.js';
import { filesOfTask } from './files-of-task.js';
import { type Reason, type TaskConflict, taskConflict } from './task-conflict.js';

/** What tasks claim and what they have against each other, changed task by task. */
export class ClaimBoard {
  readonly #tree: FileTree;
  readonly #index = new ClaimIndex();
  readonly #claims = new Map<string, readonly Claim[]>();
  readonly #files = new Map<string, readonly string[]>();

  constructor(tree: TrackedPaths) {
    this.#tree = FileTree.of(tree);
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

  /** What one task has against all others; it is the first of each pair. */
  conflictsOf(taskId: string): readonly TaskConflict[] {
    const own = this.#claims.get(taskId) ?? [];
    const reasons = new Map<string, Reason[]>();
    for (const { taskId: other, ...meeting } of this.#index.conflictsWith(own, { except: taskId })) {
      const theirs = this.#claims.get(other) ?? [];
      const reason = { ...meeting, at: [own.indexOf(meeting.mine), theirs.indexOf(meeting.theirs)] as const };
      const known = reasons.get(other);
      if (known) known.push(reason);
      else reasons.set(other, [reason]);
    }
    return [...reasons].map(([other, all]) => taskConflict([taskId, other], all, this.#tree));
  }

  /** @param order the place of each task in lists of tasks */
  hotFiles(order: ReadonlyMap<string, number>): readonly ContestedFile[] {
    return contestedFiles(this.#index.hotFiles(), order);
  }
}
