import { type CommitId, type Gate, hasCode, type Verdict } from '@pwt/core';
import { runGate } from '../pipeline/run-gate.js';
import { reasonOf } from '../reason-of.js';
import type { RunContext } from '../run/run-context.js';

/** How long agents after the first wait for the verdict on the base. */
const PATIENCE_MS = 250;

/**
 * Has the gate run on the base beside the first agent, so that the user knows early if it is red without any task. It takes
 * no slot from work that waits: then it is stopped.
 */
export class BaseCheck {
  readonly commit: CommitId;
  /** The verdict; `undefined` if it was stopped. */
  readonly verdict: Promise<Verdict | undefined>;
  readonly #stop = new AbortController();
  #isRunning = true;
  #isTaken = false;
  #hasRun = false;
  #isFirst = true;
  readonly #patience: Promise<void>;

  constructor(context: RunContext, gate: Gate) {
    const { integration: commit } = context.log.run;
    this.commit = commit;
    const job = { taskIds: [], onto: commit, commit, purpose: 'base', complete: true } as const;
    const onStart = () => {
      this.#hasRun = true;
    };
    this.verdict = runGate(context, gate, { ...job, onStart, abortSignal: this.#stop.signal })
      .catch(brokenBy)
      .finally(() => {
        this.#isRunning = false;
      });
    this.#patience = new Promise((resolve) => {
      const cancel = context.clock.after(PATIENCE_MS, resolve);
      const done = () => {
        cancel();
        resolve();
      };
      this.verdict.then(done, done);
    });
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The gate has run for it: the verdict was not known from before. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** Its verdict is that of a probe, and counts there. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Takes the verdict for a probe on the same commit. */
  take(): Promise<Verdict | undefined> {
    this.#isTaken = true;
    return this.verdict;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** The first agent does not wait. The next ones wait a little, so that a red base is known before they start. */
  async beforeLaunch(): Promise<void> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (!isFirst) await this.#patience;
  }
}

/** A gate that fails in any other way will fail on the work of tasks, too, and hold it. */
function brokenBy(error: unknown): Verdict {
  if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
  return { status: 'broken', durationMs: 0, message: reasonOf(error) };
}
