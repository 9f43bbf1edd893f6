import type {
  Clock,
  CommitId,
  EventSink,
  Finding,
  JournalStore,
  RunOptions,
  Task,
  TaskClaims,
} from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner/schedule';
import type { ExperienceStore } from './experience/experience.js';
import type { Inbox } from './inbox/message.js';
import type { CoordinatorParts } from './run/coordinator-parts.js';

export interface CoordinatorOptions extends CoordinatorParts {
  readonly journals: JournalStore;
  readonly sinks?: readonly EventSink[];
  /** How long sinks may take after the last event before the run ends without them. @default 10 seconds */
  readonly sinkPatienceMs?: number;
  /** Where runs keep their files: `<runsDir>/<runId>/…`. Absolute. */
  readonly runsDir: string;
  /**
   * Makes the estimate of risk by which the `balanced` policy orders and pairs tasks. Called when a run starts and when it
   * is resumed. Without it, or if it returns `undefined`, claims alone decide.
   */
  readonly riskOf?: (request: RiskRequest) => Promise<RiskEstimate | undefined>;
  /** What earlier runs have taken; told at the end of a run, also of an interrupted one, what this one took. */
  readonly experience?: ExperienceStore;
  /** Reports leftovers that were cleaned up before or during the run; the returned function ends the subscription. */
  readonly recoveries?: (tell: (finding: Finding) => void) => () => void;
  /**
   * Options for a run whose log has none, because an older version wrote it.
   * @default none: the log must have all options
   */
  readonly fallbackOptions?: RunOptions;
  /** Where people leave messages for a run: answers, and wishes to stop a task. Without it, nobody can be asked. */
  readonly inbox?: (runId: string) => Inbox;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** The tasks of a run. */
export interface RiskRequest {
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  /** The commit that the run starts from. */
  readonly base: CommitId;
}
