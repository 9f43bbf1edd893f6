import type { ConflictedPath } from './merger.js';
import type { CommitId } from './workspace.js';

/** A task whose work a person has looked at and does not want as it is. */
export interface SentBackTask {
  readonly taskId: string;
  /** In the person's words. */
  readonly reason: string;
}

/** Work that a person has chosen to land. */
export interface ChosenLanding {
  /** All that is to land, in the order in which it is joined. */
  readonly taskIds: readonly string[];
  /** Those of them that the person named. */
  readonly asked: readonly string[];
}

/**
 * Why chosen work does not land as it is. `conflict`: it can't be joined without work that was not chosen, or with what has
 * come to the target. `gate`: the gate is not green on it. `target`: the target is not where the run can put it. `checkout`: a
 * checkout of the target is in the way.
 */
export type DeclineKind = 'conflict' | 'gate' | 'target' | 'checkout';

/** A choice of a person that did not land. */
export interface DeclinedLanding extends ChosenLanding {
  readonly kind: DeclineKind;
  /** For people. */
  readonly message: string;
  /** What to do, where landing more with it does not help. */
  readonly hint?: string;
  /** The tasks without which it does not work, as far as that is known: chosen too, it may. */
  readonly needs: readonly string[];
  /** The task that can't be joined. */
  readonly unjoined?: string;
  /** Where it can't. */
  readonly paths?: readonly ConflictedPath[];
  /** The output of the gate. Absolute. */
  readonly logFile?: string;
}

/** What a person asks of a run that goes on, from another process. */
export interface DecisionRequest {
  /** The name of the message that it came with. */
  readonly id: string;
  /** `land`: tested work, or conflicts that were resolved. `reject`: tested work goes back to its agent. */
  readonly kind: 'land' | 'reject';
  /** None: all that is tested. */
  readonly taskIds: readonly string[];
  /** In the person's words. */
  readonly reason?: string;
}

/** Why nothing was done for a request. */
export interface RequestRefusal {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A request, and how far it is. */
export interface TakenRequest extends DecisionRequest {
  /** Tasks whose conflicts were taken up again for it. */
  readonly reopened: readonly string[];
  /** True once the choice, or what goes back, is recorded. */
  readonly isBegun: boolean;
  readonly isDone: boolean;
}

/** A branch that is pushed for a pull request. */
export interface PushedBranch {
  /** The name of the remote. */
  readonly remote: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** The target as it was, with the work of these tasks on top. */
  readonly commit: CommitId;
  readonly taskIds: readonly string[];
}

/** A pull request of a run, or one that is on its way. */
export interface PullRequest extends PushedBranch {
  /** Every commit at which this run may have put the branch: nothing else is overwritten there. */
  readonly mayBeAt: readonly CommitId[];
  /** True once the branch is known to be at `commit`. */
  readonly isPushed: boolean;
  /** Absent before it is opened. */
  readonly url?: string;
}
