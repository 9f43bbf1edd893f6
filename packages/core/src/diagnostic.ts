import type { Place, PwtErrorCode } from './error.js';

export type Severity = 'error' | 'warning' | 'info';

/** A finding about the user's input that does not stop the rest from being used. */
export interface Diagnostic extends Partial<Place> {
  readonly code: PwtErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  readonly taskId?: string;
}
