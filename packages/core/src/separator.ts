import type { TaskClaims } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Task } from './task.js';

/** The paths that are tracked at the commit a plan is made for, relative, `/` as separator, sorted. */
export interface TrackedPaths {
  readonly paths: readonly string[];
}

export interface SeparateRequest {
  readonly tasks: readonly Task[];
  /** The files that exist; short names in specs are resolved against them. */
  readonly tree: TrackedPaths;
  /** Where the checkout is. Absolute. An absolute path below it is one of the repository. @default not known */
  readonly root?: string;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

export interface Separation {
  /**
   * Exactly one entry per requested task, in the order of the request.
   *
   * A task in which nothing is found has `unknownScope: true`, claims everything (`unknownScopeClaim()`), and is named by
   * a diagnostic of severity `warning`: it runs alone, and the diagnostic tells its author why.
   */
  readonly claims: readonly TaskClaims[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds the claims of tasks. The same request gives the same answer. */
export interface Separator {
  /** For messages. */
  readonly name: string;
  separate(request: SeparateRequest): Promise<Separation>;
}
