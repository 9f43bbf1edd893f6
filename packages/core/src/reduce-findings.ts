import type { TaskLevelEvent } from './event.js';
import { type Finding, type FindingKind, isSameFinding } from './finding.js';
import type { RunState } from './state.js';

type Findings = RunState['findings'];

/** Adds a finding. One that was put right and is found again is open again. */
export function withFinding(findings: Findings, finding: Finding): Findings {
  const known = findings.find((other) => isSameFinding(other, finding));
  if (known !== undefined && known.resolved !== true) return findings;
  return [...findings.filter((other) => other !== known), finding];
}

/** Marks this finding as put right. */
export function withoutFinding(findings: Findings, finding: Finding): Findings {
  return resolved(findings, (other) => isSameFinding(other, finding));
}

/** Marks what prevented a landing as put right. */
export function withoutObstacles(findings: Findings): Findings {
  return resolved(findings, ({ kind, severity }) => severity === 'error' && OBSTACLES.has(kind));
}

const OBSTACLES: ReadonlySet<FindingKind> = new Set(['config', 'target', 'checkouts']);

/** Marks what held a task as put right: when the task goes on, it is checked again; when it is integrated, it is gone. */
export function afterTaskEvent(findings: Findings, { type, taskId }: TaskLevelEvent): Findings {
  if (!LOOKS_AGAIN.has(type)) return findings;
  return resolved(
    findings,
    ({ kind, severity, taskIds }) => severity === 'error' && OF_WORK.has(kind) && taskIds.includes(taskId),
  );
}

const LOOKS_AGAIN: ReadonlySet<TaskLevelEvent['type']> = new Set([
  'task-requeued',
  'task-reopened',
  'task-continued',
  'integrated',
]);

const OF_WORK: ReadonlySet<FindingKind> = new Set([
  'submodule',
  'gitlink',
  'nested-repository',
  'link-outside',
  'left-out',
  'merge',
]);

function resolved(findings: Findings, isResolved: (finding: Finding) => boolean): Findings {
  const isNow = (finding: Finding) => finding.resolved !== true && isResolved(finding);
  if (!findings.some(isNow)) return findings;
  return findings.map((finding) => (isNow(finding) ? { ...finding, resolved: true } : finding));
}
