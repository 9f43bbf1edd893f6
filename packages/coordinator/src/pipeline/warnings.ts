import type { CommitId, Diagnostic, Verdict } from '@pwt/core';
import type { JointState } from '../queue/joint-state.js';
import { saidOf } from './endings.js';
import { failingOf, firstRed, lastLineOf } from './verdicts.js';

/** That the gate is not green without any task, and what follows from that. */
export function redBase(commit: CommitId, verdict: Verdict, logFile: string | undefined): Diagnostic {
  const part = firstRed(verdict);
  const others = failingOf(verdict).filter((name) => name !== part?.name);
  const also = part === undefined || others.length === 0 ? '' : ` (not green either: ${others.join(', ')})`;
  const line = lastLineOf(verdict, part);
  const log = part?.logFile ?? logFile;
  const said = saidOf(verdict, part);
  return {
    code: 'PWT_GATE_BASE_RED',
    severity: 'warning',
    message: `Without the work of any task, on ${commit.slice(0, 12)}, ${said}${also}${line === '' ? '' : `: ${line}`}${log === undefined ? '' : ` (log: ${log})`}`,
    hint:
      verdict.status === 'broken'
        ? 'Nothing can be tested like that: finished tasks are held until the gate runs.'
        : 'No task is blamed for that: a task is at fault only for what is green without it. To see what it printed: pwt logs --gate',
  };
}

/** That the gate was red and green on the same files. */
export function flake({ members }: JointState, commit: CommitId | undefined): Diagnostic {
  const what =
    members.length === 0 ? 'the base' : `task${members.length === 1 ? '' : 's'} ${members.join(', ')}`;
  const where = commit === undefined ? '' : `, commit ${commit.slice(0, 12)}`;
  return {
    code: 'PWT_GATE_FLAKE',
    severity: 'warning',
    taskIds: members,
    message: `The gate was red and then green on the same files (${what}${where}): that counts as green, and no task is blamed for it.`,
  };
}
