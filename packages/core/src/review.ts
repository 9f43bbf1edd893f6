import type { ConflictedPath } from './merger.js';

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
