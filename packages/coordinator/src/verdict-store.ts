import type { Verdict } from '@pwt/core';

/** What was tested: the content of a commit, by a gate. Who wrote it, when and on what history makes no difference. */
export interface TestedTree {
  /** The object id of the tree. */
  readonly tree: string;
  /** See `Gate.fingerprint`. */
  readonly fingerprint: string;
}

/** What is known of a tree by one gate. Where both counts are above 0, the gate is flaky. */
export interface KnownVerdicts {
  /** How often it was green. */
  readonly green: number;
  /** How often it was red. */
  readonly red: number;
  /** The newest of them. Logs that it names may be gone. */
  readonly last: Verdict;
}

/**
 * Keeps verdicts beyond the run in which they were made, so that no tree is tested twice by the same gate.
 *
 * A verdict that is lost costs a run of the gate, so a store may forget. It never throws for what it could not read or write.
 */
export interface VerdictStore {
  /** What is known, by this run and earlier ones. */
  recall(tested: TestedTree): Promise<KnownVerdicts | undefined>;
  /** Adds a verdict. One that is neither green nor red says nothing about the tree, and is not kept. */
  record(tested: TestedTree, verdict: Verdict): Promise<void>;
  /** Forgets every verdict of this gate. */
  forget(fingerprint: string): Promise<void>;
}
