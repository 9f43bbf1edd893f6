import type { Claim } from './claim.js';
import type { Task } from './task.js';
import type { Workspace } from './workspace.js';

/** What an agent may do without asking, from least to most. */
export type Permission = 'default' | 'accept-edits' | 'auto' | 'bypass';

/**
 * One attempt at a task, with the limits of its agent. Plain data from the log: enough to find the agent again, in another
 * process and after a crash.
 */
export interface Attempt {
  readonly runId: string;
  readonly taskId: string;
  /** Counts from 1 within the task. */
  readonly number: number;
  readonly workspace: Workspace;
  /** An absolute directory for this attempt alone: prompt, logs, lease and exit record live there. */
  readonly stateDir: string;
  /** Total time from the first start; 0 means no limit. */
  readonly timeoutMs: number;
  /** Time without any output; 0 means no limit. */
  readonly idleTimeoutMs: number;
}

export interface LaunchRequest {
  readonly attempt: Attempt;
  readonly task: Task;
  readonly claims: readonly Claim[];
  readonly permission: Permission;
  /** Set if the attempt continues an earlier one of the task, in the same workspace. */
  readonly continues?: Continuation;
  /** Aborts the start; see {@link throwIfAborted}. A running agent is ended with {@link AgentRun.stop}. */
  readonly abortSignal?: AbortSignal;
}

/** What an attempt gets that continues an earlier one. */
export interface Continuation {
  /** Why the earlier attempt was not enough, for the agent to read. It comes from outside: text, never a command. */
  readonly feedback: string;
  /** The agent's own session to continue. Without it, or if the agent can't continue one, the agent starts anew. */
  readonly sessionId?: string;
}

/** What an agent is doing, by its output. */
export interface AgentActivity {
  readonly kind: 'message' | 'tool' | 'usage' | 'error' | 'output';
  /** One line, at most 200 characters. */
  readonly text: string;
  readonly sessionId?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
}

/** Why an agent failed, by its output. */
export type FailureKind = 'quota' | 'auth' | 'refused' | 'crash' | 'model-error';

export interface AgentFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

/** How an agent ended. `lost`: it is gone and its exit status can't be known any more. */
export interface AgentExit {
  readonly kind: 'exited' | 'signalled' | 'timed-out' | 'idle-timed-out' | 'stopped' | 'lost';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly durationMs: number;
  /** Set when the agent's own output says that it failed, whatever its exit code. */
  readonly failure?: AgentFailure;
  readonly sessionId?: string;
}

/** A running agent. */
export interface AgentRun {
  /** When the attempt was first started, in milliseconds since the epoch; the time limit counts from there. */
  readonly startedAt: number;
  /**
   * Plain facts for people and tools, such as a process id; no run depends on them. `mark`: what the agent's processes carry
   * as `PWT_MARK`. While one of them lives, `pwt clean` leaves the workspace alone.
   */
  readonly details?: Readonly<Record<string, string | number>>;
  /** Ends when the agent has ended. May be iterated once; not iterating it never blocks the agent. */
  readonly events: AsyncIterable<AgentActivity>;
  /** Settles once, when every process of the agent has ended. Never rejects for a failing agent. */
  readonly exited: Promise<AgentExit>;
  /** Stops the whole process tree; `exited` then says `stopped`. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts agents and finds them again.
 *
 * The launcher enforces the time limits of an attempt, also of one that it has found again: it stops the agent, and
 * `exited` says `timed-out` or `idle-timed-out`. While no program watches an agent, the limits are not enforced; an agent
 * that is found beyond its limit is stopped at once.
 */
export interface AgentLauncher {
  /** For messages. */
  readonly name: string;
  /** Checks before anything is made that the agent can be started at all. Throws `PWT_AGENT_NOT_FOUND`. */
  check(): Promise<void>;
  /**
   * Writes what the agent of a fresh attempt is started with, while the intent to start it becomes durable. Starts nothing.
   * {@link launch} follows with this very request, or never; what goes wrong here, it throws.
   */
  ready?(request: LaunchRequest): Promise<void>;
  /** Starts the agent of a fresh attempt. One that was started or fenced before is refused. */
  launch(request: LaunchRequest): Promise<AgentRun>;
  /**
   * Finds the agent of an attempt again, running or ended. `undefined` if it was never started; from then
   * on it can't start any more, so the task may be given another attempt (the lease is fenced).
   */
  attach(attempt: Attempt): Promise<AgentRun | undefined>;
}
