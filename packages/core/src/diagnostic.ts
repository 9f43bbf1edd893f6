import type { Place, PwtErrorCode } from './error.js';

export type Severity = 'error' | 'warning' | 'info';

/**
 * What is wrong with the user's input, or could not be done in a run, and does not stop the rest. What others did to the
 * repository is a `Finding`.
 */
export interface Diagnostic extends Partial<Place> {
  readonly code: PwtErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  /** The tasks that it is about; absent if it is about none in particular. */
  readonly taskIds?: readonly string[];
}
