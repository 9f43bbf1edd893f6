import type { TaskClaims } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Task } from './task.js';

/** The paths that are tracked at the commit a plan is made for, relative, `/` as separator, sorted. */
export interface TrackedPaths {
  readonly paths: readonly string[];
}

export interface SeparateRequest {
  readonly tasks: readonly Task[];
  /** What exists already; short names in specs are resolved against it. */
  readonly tree: TrackedPaths;
}

export interface Separation {
  /** Exactly one entry per requested task, in the order of the request. */
  readonly claims: readonly TaskClaims[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads out of tasks what each of them will touch. */
export interface Separator {
  separate(request: SeparateRequest): Promise<Separation>;
}
