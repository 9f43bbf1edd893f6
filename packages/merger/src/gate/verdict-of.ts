import { defined, type GatePart, type Verdict } from '@pwt/core';
import type { CommandOutcome } from './run-gate-command.js';

/** What a gate says whose only command ended like this. */
export function verdictOf({
  status,
  durationMs,
  exitCode = 1,
  summary = '',
  cpuMs,
}: CommandOutcome): Verdict {
  const always = { durationMs, ...defined({ cpuMs }) };
  switch (status) {
    case 'red':
      return { status, ...always, exitCode, summary };
    case 'timed-out':
      return { status, ...always, summary };
    case 'broken':
      return { status, ...always, message: summary };
    default:
      return { status: 'green', ...always };
  }
}

export interface PartOutcome {
  readonly name: string;
  readonly outcome: CommandOutcome;
}

/**
 * What a gate of several commands says. Green only if all are. Otherwise it is what the first red one is, or without one the
 * first that timed out, or the first that could not run: a red command is a fact, whatever the others would have said.
 *
 * @param durationMs of the whole: commands may have run side by side
 */
export function joinedVerdict(outcomes: readonly PartOutcome[], durationMs: number): Verdict {
  const parts = outcomes.map(
    ({ name, outcome: { cpuMs: _, ...outcome } }): GatePart => ({ name, ...outcome }),
  );
  const worst = (['red', 'timed-out', 'broken'] as const)
    .map((status) => outcomes.find(({ outcome }) => outcome.status === status)?.outcome)
    .find((outcome) => outcome !== undefined);
  const measured = outcomes.filter(({ outcome }) => outcome.status !== 'skipped');
  const cpuMs = measured.every(({ outcome }) => outcome.cpuMs !== undefined)
    ? measured.reduce((sum, { outcome }) => sum + (outcome.cpuMs ?? 0), 0)
    : undefined;
  const { status } = worst ?? { status: 'green' as const };
  const { cpuMs: _, ...whole } = { ...worst, status, durationMs, logFile: '' };
  return { ...verdictOf({ ...whole, ...defined({ cpuMs }) }), parts };
}
