import type { Place, PwtErrorCode } from './error.js';

export type Severity = 'error' | 'warning' | 'info';

/**
 * Something that is wrong with the user's input, or that failed in a run without stopping it. A report about the repository
 * or about a task's work is a `Finding`.
 */
export interface Diagnostic extends Partial<Place> {
  readonly code: PwtErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  /** The tasks that it is about; absent if there are none. */
  readonly taskIds?: readonly string[];
}
