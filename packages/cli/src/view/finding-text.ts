import type { Diagnostic, Finding } from '@pwt/core';

/** A finding as one line of text: how bad it is, what was found, and what to do next; or that it was put right. Pure. */
export function findingText({ severity, message, hint, resolved }: Finding): string {
  if (resolved === true) return `put right: ${message}`;
  return `${severity}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** True if a finding, which also names the tasks, says what a diagnostic says. Pure. */
export function isSaidBy(finding: Finding, { message, hint }: Pick<Diagnostic, 'message' | 'hint'>): boolean {
  return finding.resolved !== true && finding.message.startsWith(message) && finding.hint === hint;
}
