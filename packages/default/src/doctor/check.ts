/** How one thing that pwt needs looks. `note`: works, could be better. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'problem';

export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** The one command, or the one step, that fixes it. */
  readonly fix?: string;
}

/** A check that found nothing to say against it. */
export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message };
}

/** Turns whatever a check throws into a finding. */
export function failed(name: string, error: unknown): Check {
  const { message, hint } = error as { readonly message?: string; readonly hint?: string };
  return {
    name,
    status: 'problem',
    message: message ?? String(error),
    ...(hint === undefined ? {} : { fix: hint }),
  };
}
