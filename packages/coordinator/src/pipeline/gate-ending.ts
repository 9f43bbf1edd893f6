import type { Verdict } from '@pwt/core';
import type { Ending } from './finish.js';

/** How a task ends that the gate rejects, with the commands that do so; `undefined` if it passed. Pure. */
export function gateEnding(verdict: Verdict): Ending | undefined {
  switch (verdict.status) {
    case 'green':
      return undefined;
    case 'red': {
      const message = lastLine(verdict.summary);
      const reason = `the gate is red (${exitCodes(verdict)}): ${message}`;
      return { status: 'failed', reason, failure: { kind: 'gate-red', message } };
    }
    case 'timed-out': {
      const message = lastLine(verdict.summary);
      const after = `after ${(verdict.durationMs / 1000).toFixed(1)} s`;
      const reason = `the gate timed out ${after}${names(verdict)}: ${message}`;
      return { status: 'failed', reason, failure: { kind: 'gate-timed-out', message } };
    }
    case 'broken': {
      const { message } = verdict;
      const reason = `the gate could not run${names(verdict)}: ${message}`;
      return { status: 'held', reason, failure: { kind: 'gate-broken', message } };
    }
  }
}

/** `exit code 1`, or of several commands `lint: exit code 1, test: exit code 2`. */
function exitCodes({ exitCode, parts }: Extract<Verdict, { status: 'red' }>): string {
  const red = (parts ?? []).filter(({ status }) => status === 'red');
  if (red.length === 0) return `exit code ${exitCode}`;
  return red.map((part) => `${part.name}: exit code ${part.exitCode}`).join(', ');
}

/** The commands by which the verdict is what it is: ` (test)`; nothing for a gate of one. */
function names({ status, parts = [] }: Verdict): string {
  const meant = parts.filter((part) => part.status === status).map(({ name }) => name);
  return meant.length === 0 ? '' : ` (${meant.join(', ')})`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
