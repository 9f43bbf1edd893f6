import type { CommitId, Verdict } from '@pwt/core';
import { redBase } from '../pipeline/warnings.js';
import type { RunContext } from '../run/run-context.js';
import { warn } from '../run/warn.js';

/** What is known of the base: of the integration tip without the work of any waiting task. */
export class Base {
  readonly #context: RunContext;
  /** The gate is green on it: no comparison with it is needed. */
  isGreen = false;
  /** The commit of which the user knows that the gate is not green on it. */
  #said: CommitId | undefined;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Tells the user once if the gate is not green. */
  async say(commit: CommitId, verdict: Verdict): Promise<void> {
    if (verdict.status === 'green' || this.#said === commit) return;
    this.#said = commit;
    const { verdicts } = this.#context.log.state;
    await warn(this.#context, redBase(commit, verdict, verdicts.get(commit)?.logFile));
  }

  /** The tip was moved by something else than the queue. */
  forget(): void {
    this.isGreen = false;
  }
}
