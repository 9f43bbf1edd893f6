/** Which process a pid means, across recycling and reboots. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** A live process with what it works on, as far as the system tells. */
export interface RunningProgram {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The command line; empty where it may not be read. */
  readonly args: readonly string[];
  /** `undefined` where it may not be read. */
  readonly cwd: string | undefined;
  /** `NAME=value`; empty where it may not be read. */
  readonly environment: readonly string[];
}

/** What recovery asks of the operating system. */
export interface ProcessView {
  self(): ProcessIdentity;
  isAlive(identity: ProcessIdentity): boolean;
  /** The live processes of a program and of its helpers. */
  programs(name: string): Promise<readonly RunningProgram[]>;
  /** The live processes that have one of these files open. */
  holders(files: readonly string[]): Promise<readonly RunningProgram[]>;
}
