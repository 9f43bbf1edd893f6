import type { Permission } from '@pwt/core';
import type { DialectName } from '../dialects/dialects.js';
import type { AgentFolder } from './agent-folder.js';

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
  /** Instead of {@link args} where pwt confines the agent: without the agent's own sandbox, which would be a second one. */
  readonly confinedArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How its output is to be read at this level, where that differs from {@link AgentDefinition.dialect}. */
  readonly dialect?: DialectName;
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
   * What happens below that level: `denied`: its tools are; `as-configured`: what its own configuration says, which allows
   * everything unless it is changed. @default 'denied'
   */
  readonly belowUnattended?: 'denied' | 'as-configured';
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
  /** How to see whether it is logged in. Absent: that can't be known. */
  readonly login?: LoginCheck;
  /** What it writes outside of its worktree, beside the caches that every agent may write; for the sandbox. */
  readonly folders?: readonly AgentFolder[];
  /** The command that installs it. */
  readonly install?: string;
  /** When and with which version the definition was run; otherwise it only follows the documentation. */
  readonly verified?: Verification | 'from its documentation';
}

/** How to see, before an agent is started, that it can't reach its model because nobody is logged in. */
export interface LoginCheck {
  /** The command that logs in, for messages. */
  readonly command: string;
  /** What is as good as a login. If there is any of it, the agent is not asked. */
  readonly instead: {
    /** Variables of the environment. */
    readonly env: readonly string[];
    readonly files: readonly EvidenceFile[];
    /** A pattern for the agent's arguments, such as those that choose another provider. */
    readonly args?: string;
  };
  /** The arguments that make it say whether it is logged in. Absent: it can't be asked. */
  readonly args?: readonly string[];
  /** The answer that says it is not: both have to be so. Every other answer, also none, says nothing. */
  readonly not?: { readonly exitCode: number; readonly says: string };
  /**
   * Its answer is the last word, so that it is not started. Otherwise it may work all the same, for instance with a
   * provider that needs no login, and the user is only told.
   */
  readonly isCertain: boolean;
}

/** A file that speaks for a login. */
export interface EvidenceFile {
  /** Folders, of which the first counts that can be told: `$NAME` (a variable that is set), `~`, or `.` for the checkout. */
  readonly in: readonly string[];
  readonly path: string;
  /** A pattern for its text. @default it need only be there */
  readonly holds?: string;
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
