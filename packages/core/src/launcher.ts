import type { Claim } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { TaskFailureKind } from './summary.js';
import type { Task } from './task.js';
import type { CommitId, Workspace } from './workspace.js';

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
  /** One of {@link AgentLauncher.agents}. @default the first of them */
  readonly agent?: string;
  /** The whole prompt, in place of the one that the launcher makes of the task. */
  readonly prompt?: string;
  /**
   * The tasks whose work is in the workspace from the start: first those that this one depends on, directly and then through
   * others, then the rest, the newest first. At most a hundred: a run may have very many.
   */
  readonly finished?: readonly FinishedTask[];
  /** Set if the attempt continues an earlier one of the task, in the same workspace. */
  readonly continues?: Continuation;
  /** Aborts the start; see {@link throwIfAborted}. A running agent is ended with {@link AgentRun.stop}. */
  readonly abortSignal?: AbortSignal;
}

/** What is known of a task that is integrated, for the agent of a later one. Titles and paths come from outside: text. */
export interface FinishedTask {
  readonly taskId: string;
  readonly title: string;
  /** The later task depends on it, directly or through others. */
  readonly isNeeded: boolean;
  /** The commit that brought its work in; absent if it needed none. */
  readonly commit?: CommitId;
  /** Every path that it has changed. */
  readonly paths: readonly string[];
  /** Why it needed no change. */
  readonly noChange?: string;
}

/** What an attempt gets that continues an earlier one. */
export interface Continuation {
  /** Why the earlier attempt was not enough, for the agent to read. It comes from outside: text, never a command. */
  readonly feedback: string;
  /** What was not enough, for programs. */
  readonly failure?: TaskFailureKind;
  /** The agent's own session to continue. Without it, or if the agent can't continue one, the agent starts anew. */
  readonly sessionId?: string;
  /** What that session has used so far, as the exits of its attempts have told: some agents go on counting from there. */
  readonly usedBefore?: AgentUsage;
}

/** What an agent has used. What it does not tell is absent. */
export interface AgentUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
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
  /** What the attempt has used up to here, from its start: the same when the agent is found again. */
  readonly total?: AgentUsage;
}

/** Why an agent failed, by its output. */
export type FailureKind = 'quota' | 'auth' | 'refused' | 'crash' | 'model-error';

export interface AgentFailure {
  readonly kind: FailureKind;
  readonly message: string;
  /** When the agent says that it can work again, in milliseconds since the epoch. */
  readonly retryAt?: number;
}

/** How an agent ended. `lost`: it is gone and its exit status can't be known any more. */
export interface AgentExit {
  readonly kind: 'exited' | 'signalled' | 'timed-out' | 'idle-timed-out' | 'stopped' | 'lost';
  readonly exitCode?: number;
  readonly signal?: string;
  readonly durationMs: number;
  /**
   * With `lost`: the machine that is gone with it, by the name that {@link Workspace.host} has. It says nothing about the agent:
   * the task is given another attempt that counts against nothing. The launcher must have made sure that no result of this
   * attempt can count any more, whatever that machine does when it comes back.
   */
  readonly lostWith?: string;
  /** Set when the agent's own output says that it failed, whatever its exit code. */
  readonly failure?: AgentFailure;
  readonly sessionId?: string;
  /** What the whole attempt has used. */
  readonly usage?: AgentUsage;
  /** Why nothing has to be changed, if the agent has stated that. A claim of the agent's: text, at most 2000 characters. */
  readonly noChange?: string;
  /** The last that the agent said to its user: at most 2000 characters. */
  readonly lastMessage?: string;
  /** What it complained about last, in its own words: a few lines of at most 200 characters. Also after a good end. */
  readonly complaints?: readonly string[];
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
  /**
   * When the agent has last shown a sign of life, in milliseconds since the epoch: what an idle limit counts from. Without it,
   * the last activity counts.
   */
  lastSignAt?(): Promise<number>;
  /** Stops the whole process tree; `exited` then says `stopped`. Safe to call twice. */
  stop(): Promise<void>;
}

/** An agent that a launcher can start, and what it can do. */
export interface AgentInfo {
  /** Unique within the launcher. */
  readonly name: string;
  /** It can go on with a session of its own. */
  readonly resumes: boolean;
  /** What it tells of its use, so that a cap on it can be kept. */
  readonly tells: { readonly tokens: boolean; readonly costUsd: boolean };
}

export interface AgentCheckRequest {
  readonly permission: Permission;
}

/** What a launcher has found out about its agents. */
export interface AgentCheck {
  /** The names of those that can be started, most preferred first; not empty. */
  readonly usable: readonly string[];
  /** What a user should know before anything starts. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Starts agents and finds them again.
 *
 * The launcher enforces the time limits of an attempt, also of one that it has found again: it stops the agent, and
 * `exited` says `timed-out` or `idle-timed-out`. While no program watches an agent, the limits are not enforced; an agent
 * that is found beyond its limit is stopped at once.
 *
 * An agent may work on another machine, the one that {@link Workspace.host} names. If that can't be reached, the launcher waits
 * for it; it may give it up, and `exited` then says `lost` with {@link AgentExit.lostWith}, also of an attempt that it was asked to
 * launch or to find again. The attempt's `stateDir` is on this machine all the same, with the logs of the agent.
 */
export interface AgentLauncher {
  /** For messages. */
  readonly name: string;
  /** Its agents, most preferred first. Absent: it has one, of which nothing is known. */
  readonly agents?: readonly AgentInfo[];
  /**
   * Checks before anything is made which agents can be started. Returns `undefined` if it has one agent, and that can be started.
   *
   * @throws PwtError if none can: `PWT_AGENT_NOT_FOUND`, `PWT_AGENT_NOT_LOGGED_IN`
   */
  check(request?: AgentCheckRequest): Promise<AgentCheck | undefined>;
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
