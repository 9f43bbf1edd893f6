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
import type { RiskEstimate } from '@pwt/planner';
import type { CoordinatorParts } from './run/coordinator-parts.js';

export interface CoordinatorOptions extends CoordinatorParts {
  readonly journals: JournalStore;
  readonly sinks?: readonly EventSink[];
  /** How long sinks may take after the last event before the run ends without them. @default 10 seconds */
  readonly sinkPatienceMs?: number;
  /** Where runs keep their files: `<runsDir>/<runId>/…`. Absolute. */
  readonly runsDir: string;
  /**
   * Makes the estimate by which the `balanced` policy orders and pairs tasks; asked whenever a run begins or goes
   * on. Absent, or if it answers `undefined`: claims alone decide.
   */
  readonly riskOf?: (request: RiskRequest) => Promise<RiskEstimate | undefined>;
  /** Tells of what is put right beside the run, and was before it; returns how to stop that. */
  readonly recoveries?: (tell: (finding: Finding) => void) => () => void;
  /**
   * What a run goes by where its log says nothing, because an older version wrote it.
   * @default logs say everything
   */
  readonly fallbackOptions?: RunOptions;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** The tasks of a run as they stand. */
export interface RiskRequest {
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  /** What the run is based on. */
  readonly base: CommitId;
}
