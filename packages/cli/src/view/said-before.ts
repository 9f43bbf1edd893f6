import type { Finding, RunEvent } from '@pwt/core';
import { isSaidBy } from './finding-text.js';

/** Sees all events, and tells of each whether it only repeats what a finding before it has said. */
export function saidBefore(): (event: RunEvent) => boolean {
  const findings: Finding[] = [];
  return (event) => {
    if (event.type === 'finding') findings.push(event.finding);
    return event.type === 'warning' && findings.some((finding) => isSaidBy(finding, event.diagnostic));
  };
}
