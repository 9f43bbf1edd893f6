import type { RunningProgram } from '@pwt/core';

/** One row of the process table. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  /** Process group id: the pid of the group's leader. */
  readonly pgid: number;
  /** Session id: the pid of the session's leader; 0 where the system does not tell (macOS). */
  readonly session: number;
  readonly startTime: string;
  /** True for a process that has ended and waits for its parent to notice. */
  readonly zombie: boolean;
  /** User and system time, with that of children already waited for. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** The marks in its environment, outermost first; empty where it cannot be read. */
  readonly marks: readonly string[];
}

/** Where a process is: the folders that it holds open as its working directory and root. */
export interface ProcessPlace {
  readonly pid: number;
  /** The name of its program, for people. */
  readonly name: string;
  /** Absolute, links resolved. */
  readonly folders: readonly string[];
  /** The first of them, where it is known to be the working directory. */
  readonly cwd?: string;
}

/** Where a process comes from. */
export interface ProcessOrigin {
  readonly ppid: number;
  /** The name of its parent's program; `undefined` if that has ended. */
  readonly parent: string | undefined;
  readonly startTime: string;
  /** It has a controlling terminal. */
  readonly hasTerminal: boolean;
  /** The names of its environment variables. */
  readonly variables: readonly string[];
  readonly marks: readonly string[];
}

/** What pwt needs to know from an operating system about processes. */
export interface ProcessSystem {
  bootId(): string;
  /** The start time of a live process; `undefined` if there is none or it is a zombie. */
  startTime(pid: number): string | undefined;
  /** The whole table. Yields to the event loop in between, so rows are not of one instant. */
  table(): Promise<ProcessEntry[]>;
  /** The live processes whose program is called so, or so and a dash and more. */
  programs(name: string): Promise<RunningProgram[]>;
  /** The live processes that have one of these files open, of those that this user may look into. */
  holders(files: readonly string[]): Promise<RunningProgram[]>;
  /** Where the processes are of which it can be seen: in practice those of the user. */
  places(): Promise<ProcessPlace[]>;
  /** `undefined` if it has ended, or where the environment of a process can't be seen. */
  origin(pid: number): ProcessOrigin | undefined;
}
