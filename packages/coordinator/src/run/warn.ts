import type { Diagnostic } from '@pwt/core';
import type { RunLog } from './run-log.js';

/** Warns, unless the log has the same warning already: another process of the run may have given it. */
export async function warn({ log }: { readonly log: RunLog }, diagnostic: Diagnostic): Promise<void> {
  const { code, message } = diagnostic;
  const isSaid = log.state.diagnostics.some((said) => said.code === code && said.message === message);
  if (!isSaid) await log.append({ type: 'warning', diagnostic });
}
