import { defined } from '@pwt/core';
/** How one thing that pwt needs looks. `note`: works, could be better. */
export type CheckStatus = 'ok' | 'note' | 'warning' | 'problem';

export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** The one command, or the one step, that fixes it. */
  readonly fix?: string;
  /** What `pwt doctor --fix` has done about it. */
  readonly done?: string;
}

/** A check with a repair that loses nothing, for `pwt doctor --fix`. */
export interface MendableCheck extends Check {
  /** Puts it right; returns what was done. */
  readonly mend?: () => Promise<string>;
}

/** The checks as they are shown; with `fix`, what can be mended without loss is mended first. */
export async function settle(checks: readonly MendableCheck[], fix: boolean): Promise<Check[]> {
  const settled: Check[] = [];
  for (const { mend, ...check } of checks) {
    if (!fix || mend === undefined) settled.push(check);
    else settled.push(await mended(check, mend));
  }
  return settled;
}

async function mended({ fix, ...check }: Check, mend: () => Promise<string>): Promise<Check> {
  try {
    return { ...check, status: 'ok', done: await mend() };
  } catch (error) {
    // Its own words say what to do instead.
    const { message, fix: instead = fix } = failed(check.name, error);
    return {
      ...check,
      message: `${check.message}; --fix failed: ${message}`,
      ...(instead ? { fix: instead } : {}),
    };
  }
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
    ...defined({ fix: hint }),
  };
}
