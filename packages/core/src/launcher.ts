import type { Claim } from './claim.js';
import type { Task } from './task.js';
import type { Workspace } from './workspace.js';

/** What an agent may do without asking, from least to most. */
export type Permission = 'default' | 'accept-edits' | 'auto' | 'bypass';

export interface LaunchRequest {
  readonly runId: string;
  readonly task: Task;
  readonly claims: readonly Claim[];
  readonly workspace: Workspace;
  readonly permission: Permission;
  /** Counts from 1. */
  readonly attempt: number;
  /** An absolute directory for this attempt alone: prompt, logs, lease and exit record live there. */
  readonly stateDir: string;
  /** Total time; 0 means no limit. */
  readonly timeoutMs: number;
  /** Time without any output; 0 means no limit. */
  readonly idleTimeoutMs: number;
}

/** What an agent is doing, as far as its output tells. */
export interface AgentActivity {
  readonly kind: 'message' | 'tool' | 'usage' | 'error' | 'output';
  /** One line, at most 200 characters. */
  readonly text: string;
  readonly sessionId?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
}

/** Why an agent did not do its work, where its output tells. */
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

/** Everything needed to find an agent again after the coordinator died. Plain data. */
export interface AgentHandle {
  readonly launcher: string;
  readonly stateDir: string;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly [key: string]: unknown;
}

/** A running agent. */
export interface AgentRun {
  readonly handle: AgentHandle;
  /** Ends when the agent has ended. May be iterated once; not iterating it never blocks the agent. */
  readonly events: AsyncIterable<AgentActivity>;
  /** Settles once, when every process of the agent has ended. Never rejects for a failing agent. */
  readonly exited: Promise<AgentExit>;
  /** Stops the whole process tree; `exited` then says `stopped`. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts agents and finds them again. */
export interface AgentLauncher {
  readonly name: string;
  /** Checks before anything is made that the agent can be started at all. Throws `PWT_AGENT_NOT_FOUND`. */
  check(): Promise<void>;
  launch(request: LaunchRequest): Promise<AgentRun>;
  /**
   * Finds the agent of an attempt again, running or ended. `undefined` if it was never started; from then
   * on it can't start any more, so the attempt may be given to another one (the lease is fenced).
   */
  attach(request: LaunchRequest): Promise<AgentRun | undefined>;
}
