/**
 * Which process a pid means: a pid alone is recycled, a pid with its start time on one boot is not.
 *
 * Plain data, safe to write to a journal and to compare after a crash or a reboot.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque, compared for equality only. Linux: clock ticks since boot; macOS: `ps -o lstart`. */
  readonly startTime: string;
  /** Opaque. Changes at every boot of the machine. */
  readonly bootId: string;
}

/** A live process with what it works on. */
export interface RunningProgram {
  readonly pid: number;
  /** Milliseconds since the epoch, to about 20 ms on Linux and to a second on macOS. */
  readonly startedAt: number;
  /** The command line, the program first; empty where it may not be read. */
  readonly args: readonly string[];
  /** Where it works; `undefined` where that may not be read. */
  readonly cwd: string | undefined;
  /** `NAME=value` of its environment; empty where that may not be read. */
  readonly environment: readonly string[];
}
