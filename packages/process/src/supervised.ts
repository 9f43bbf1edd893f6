import type { ProcessIdentity } from '@pwt/core';
import { isAlive } from './identity.js';
import type { ProcessExit } from './process-exit.js';
import { findTree, identityOf } from './process-tree.js';
import type { Lease, StateDirectory } from './state-directory.js';
import { type StopReport, stopTree } from './stop-tree.js';

/** A command under a supervisor: just started, or found again. */
export interface Supervised {
  readonly status: 'supervised';
  /** The state directory, which is all that `attachSupervised` needs to find it again. */
  readonly dir: string;
  /** The supervisor: not the command, and not to be signalled. */
  readonly identity: ProcessIdentity;
  readonly mark: string;
  /** Resolves, whatever the exit, once it is recorded or it is certain that it never will be. */
  readonly exited: Promise<ProcessExit>;
  /** The live processes of the command, leftovers of an ended or lost one included; not the supervisor. */
  members(): Promise<ProcessIdentity[]>;
  /**
   * Stops every process of the command, and waits (10 s at most) for its exit to be on record. Also ends
   * leftovers after the exit.
   */
  stop(options: { readonly graceMs: number }): Promise<StopReport>;
  /**
   * Stops watching, so that this process may end while the command goes on. `exited` stays pending if it was.
   */
  release(): void;
}

/** The exit of a command, as its state directory says. */
export interface ExitWatch {
  readonly exited: Promise<ProcessExit>;
  release(): void;
}

/** How long a stop waits for a supervisor to record the exit of a command that is gone. */
const EXIT_RECORD_MS = 10_000;

export class SupervisedCommand implements Supervised {
  readonly status = 'supervised';
  readonly dir: string;
  readonly identity: ProcessIdentity;
  readonly mark: string;
  readonly exited: Promise<ProcessExit>;
  readonly #directory: StateDirectory;
  readonly #watch: ExitWatch;

  constructor(options: { directory: StateDirectory; lease: Lease; watch: ExitWatch }) {
    const { directory, lease, watch: exitWatch } = options;
    this.dir = directory.path;
    this.identity = { pid: lease.pid, startTime: lease.startTime, bootId: lease.bootId };
    this.mark = lease.mark;
    this.exited = exitWatch.exited;
    this.#directory = directory;
    this.#watch = exitWatch;
  }

  async members(): Promise<ProcessIdentity[]> {
    const command = await this.#directory.command();
    const tree = { mark: this.mark, supervisor: this.identity, ...(command && { roots: [command] }) };
    return (await findTree(tree)).map(identityOf);
  }

  async stop({ graceMs }: { readonly graceMs: number }): Promise<StopReport> {
    const reports: StopReport[] = [];
    const deadline = performance.now() + EXIT_RECORD_MS + graceMs;
    // Again as long as the supervisor lives: it may have been about to start the command at the first look.
    do {
      const command = await this.#directory.command();
      const tree = { mark: this.mark, supervisor: this.identity, ...(command && { root: command }) };
      const report = await stopTree({ ...tree, graceMs });
      reports.push(report);
      if (report.survivors.length > 0 || performance.now() > deadline) break;
    } while (!(await this.#endsWithin(100)));
    return {
      terminated: reports.flatMap(({ terminated }) => terminated),
      killed: reports.flatMap(({ killed }) => killed),
      survivors: reports.at(-1)?.survivors ?? [],
    };
  }

  release(): void {
    this.#watch.release();
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(!isAlive(this.identity)), ms);
    });
    const ended = await Promise.race([this.exited.then(() => true), timeout]);
    clearTimeout(timer);
    return ended;
  }
}
