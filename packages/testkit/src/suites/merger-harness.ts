import type { CommitId, Merger } from '@pwt/core';
import type { Disposable } from './runner.js';

type Files = Readonly<Record<string, string>>;

/** A repository with a merger over it. Its branch `main` is at `base` and is checked out nowhere. */
export interface MergerHarness extends Disposable {
  readonly merger: Merger;
  readonly base: CommitId;
  /** Makes a commit with exactly these files. */
  commit(files: Files, parents: readonly CommitId[]): Promise<CommitId>;
  filesOf(commit: CommitId): Promise<Files>;
  parentsOf(commit: CommitId): Promise<readonly CommitId[]>;
  /** Moves or deletes a branch behind the merger's back. */
  setBranch(name: string, commit: CommitId | undefined): Promise<void>;
}

export const runId = 'run-1';
export const target = 'main';
export const subject = { kind: 'tasks', taskIds: ['1'] } as const;

/** Adds a test with a harness of its own. */
export type MergerTest = (name: string, body: (harness: MergerHarness) => Promise<void>) => void;

/** A commit with the files of another one, some of them added or replaced. */
export async function grow(
  harness: MergerHarness,
  files: Files,
  from: CommitId = harness.base,
): Promise<CommitId> {
  return harness.commit({ ...(await harness.filesOf(from)), ...files }, [from]);
}

export function start({ merger, base }: MergerHarness): Promise<{ readonly tip: CommitId }> {
  return merger.open({ runId, target, start: base });
}
