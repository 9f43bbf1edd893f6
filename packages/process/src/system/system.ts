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

/** What pwt needs to know from an operating system about processes. */
export interface ProcessSystem {
  bootId(): string;
  /** The start time of a live process; `undefined` if there is none or it is a zombie. */
  startTime(pid: number): string | undefined;
  /** The whole table. Yields to the event loop in between, so rows are not of one instant. */
  table(): Promise<ProcessEntry[]>;
}
