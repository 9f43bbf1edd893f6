import type { WorkSubject } from './subject.js';
import type { CommitId, Workspace } from './workspace.js';

export interface GateRequest {
  readonly runId: string;
  /** What is being tested. */
  readonly subject: WorkSubject;
  readonly commit: CommitId;
  /** A scratch checkout of exactly that commit. */
  readonly workspace: Workspace;
  /** Where the gate's output goes. Absolute. */
  readonly logFile: string;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

export type Verdict =
  | { readonly status: 'green'; readonly durationMs: number }
  /** `summary` is the end of the gate's output. */
  | {
      readonly status: 'red';
      readonly durationMs: number;
      readonly exitCode: number;
      readonly summary: string;
    }
  | { readonly status: 'timed-out'; readonly durationMs: number; readonly summary: string }
  /** The gate could not run, so nothing is known about the commit. */
  | { readonly status: 'broken'; readonly durationMs: number; readonly message: string };

/** Says whether a commit may become the tip of the integration ref. It enforces its own time-out. */
export interface Gate {
  /** For messages. */
  readonly name: string;
  run(request: GateRequest): Promise<Verdict>;
}
