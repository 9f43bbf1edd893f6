import type { Permission } from '@pwt/core';
import type { DialectName } from '../dialects/dialects.js';

/**
 * How an agent gets its prompt: on stdin, in a file, or as an argument.
 *
 * stdin is the best of them: an argument shows in `ps` and is limited to 128 KiB on Linux
 * (`MAX_ARG_STRLEN`). Whatever the transport, stdin always ends.
 */
export type PromptTransport = 'stdin' | 'file' | 'argv';

/** What a permission level means for one agent. */
export interface PermissionLevel {
  /** Put where `{permission}` stands in the arguments. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Added only where the agent runs as root. */
  readonly envAsRoot?: Readonly<Record<string, string>>;
}

/**
 * A coding agent as data: how to start it, and how to understand it.
 *
 * An argument that is exactly one of these stands for something else; `{permission}` and `{prompt}` only as a
 * whole argument, the rest also inside one:
 *
 * | placeholder    | stands for                                                         |
 * | -------------- | ------------------------------------------------------------------ |
 * | `{permission}` | the arguments of the permission level; without it they come last   |
 * | `{prompt}`     | the prompt (transport `argv`); without it the prompt comes last    |
 * | `{promptFile}` | the absolute path of the prompt (`file`: comes last if not there)  |
 * | `{claimsFile}` | the absolute path of the JSON list of claimed patterns             |
 * | `{worktree}`   | the absolute path of the worktree, which is also the cwd           |
 * | `{taskId}`     | the task's id                                                      |
 */
export interface AgentDefinition {
  readonly name: string;
  /** A name that is looked up on PATH, or a path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly prompt: PromptTransport;
  readonly permissions: Readonly<Record<Permission, PermissionLevel>>;
  /** The lowest level at which the agent does whole tasks without asking; `--auto-approve` chooses it. */
  readonly unattended: Permission;
  /**
   * The arguments, instead of {@link args}, that go on with an earlier session; `{sessionId}` stands for it. Absent: an
   * attempt that continues starts anew.
   */
  readonly resumeArgs?: readonly string[];
  /** How its output is to be read. */
  readonly dialect: DialectName;
  /** What of its use its output tells. @default neither tokens nor cost */
  readonly tells?: Tells;
  /** Set for the agent unless the user has set the variable: no updates, no telemetry, no questions. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes it print its version and exit; absent for a command that pwt knows nothing about. */
  readonly versionArgs?: readonly string[];
  /** The command that installs it. */
  readonly install?: string;
  /** When and with which version the definition was run; otherwise it only follows the documentation. */
  readonly verified?: Verification | 'from its documentation';
}

/** What an agent tells of its use, so that a cap on it can be kept. */
export interface Tells {
  readonly tokens: boolean;
  readonly costUsd: boolean;
}

export interface Verification {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly version: string;
}
