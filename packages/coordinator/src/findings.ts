import { type Finding, isSameFinding } from '@pwt/core';
import type { RunContext } from './run-context.js';

/** Puts a finding on record, once. */
export async function report({ log }: Pick<RunContext, 'log'>, finding: Finding): Promise<void> {
  if (log.state.findings.some((known) => isSameFinding(known, finding))) return;
  await log.append({ type: 'finding', finding });
}
