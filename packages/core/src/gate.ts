import type { WorkSubject } from './subject.js';
import type { CommitId, Workspace } from './workspace.js';

export interface GateRequest {
  readonly runId: string;
  /** What is being tested. */
  readonly subject: WorkSubject;
  readonly commit: CommitId;
  /** A scratch checkout of exactly that commit. */
  readonly workspace: Workspace;
  /**
   * Where the gate's output goes. Absolute. A gate of several commands writes one log for each beside it, and says where in
   * {@link GatePart.logFile}.
   */
  readonly logFile: string;
  /**
   * The paths in which the commit differs from the integration ref on which it was made: the state that was tested last. Both
   * names of a renamed file are in it. Absent: there is no such state, and everything has to be tested.
   */
  readonly changedPaths?: readonly string[];
  /**
   * Every part is run, also behind one that is not green: the verdict is compared with another one, part by part.
   * @default false: a gate may stop at the first part that is not green
   */
  readonly complete?: boolean;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** What became of one command of a gate that consists of several. */
export interface GatePart {
  /** Unique within the gate, and short: it is shown in lists, and stands for the command in messages. */
  readonly name: string;
  /** `skipped`: it was not run, because a part before it was not green. */
  readonly status: Verdict['status'] | 'skipped';
  /** 0 where it was not run. */
  readonly durationMs: number;
  /** Of a red one. */
  readonly exitCode?: number;
  /** The end of its output, or why it could not run; absent where it is green or was not run. */
  readonly summary?: string;
  /** Its output. Absolute. */
  readonly logFile: string;
}

/** What each verdict says, whatever it is. */
interface AnyVerdict {
  readonly durationMs: number;
  /** CPU time of the gate's processes, in milliseconds; absent where it could not be measured. */
  readonly cpuMs?: number;
  /** One for each command of a gate that consists of several, in their order; absent for a gate of one. */
  readonly parts?: readonly GatePart[];
}

export type Verdict =
  /** With parts: all of them are green. */
  | (AnyVerdict & { readonly status: 'green' })
  /** `summary` is the end of the gate's output; with parts, that of the first red one. */
  | (AnyVerdict & { readonly status: 'red'; readonly exitCode: number; readonly summary: string })
  | (AnyVerdict & { readonly status: 'timed-out'; readonly summary: string })
  /** The gate could not run, so nothing is known about the commit. */
  | (AnyVerdict & { readonly status: 'broken'; readonly message: string });

/** Says whether a commit may become the tip of the integration ref. It enforces its own time-out. */
export interface Gate {
  /** For messages. */
  readonly name: string;
  /**
   * Stands for everything by which the verdict on a tree may change: what the gate runs, and its environment. Two gates with the
   * same fingerprint agree, so verdicts are kept across runs by it. No secret can be read out of it. Absent: verdicts are
   * not kept.
   */
  readonly fingerprint?: string;
  run(request: GateRequest): Promise<Verdict>;
}

/** What a command of a gate may be called: a letter, then letters, digits, `-` and `_`, 40 at most. It becomes part of file names. */
export const GATE_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
