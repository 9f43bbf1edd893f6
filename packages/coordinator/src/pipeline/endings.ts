import { defined, type GatePart, type Task, type TaskFailure, type Verdict } from '@pwt/core';
import type { Ending } from './finish.js';
import { firstRed, lastLineOf } from './verdicts.js';

/** What a task is rejected for. */
export interface Blame {
  readonly task: Task;
  /** Of the gate that was not green with it. */
  readonly verdict: Verdict;
  readonly logFile?: string | undefined;
  /** The task without which it is green. */
  readonly partner?: Task | undefined;
  /** Commands that are not green without any task. */
  readonly excused?: readonly string[];
}

/** How a task ends that is at fault for a gate that is not green. */
export function gateEnding({ task, verdict, logFile: whole, partner, excused }: Blame): Ending {
  const part = firstRed(verdict, excused);
  const logFile = part?.logFile ?? whole;
  const message = lastLineOf(verdict, part);
  const said = saidOf(verdict, part);
  const reason = [
    message === '' ? said : `${said}: ${message}`,
    ...(partner === undefined ? [] : [pairOf(task, partner)]),
    ...(logFile === undefined ? [] : [`log: ${logFile}`]),
  ].join('; ');
  const facts = defined({ withTaskId: partner?.id, logFile });
  return {
    status: (part ?? verdict).status === 'broken' ? 'held' : 'failed',
    reason,
    failure: { kind: kindOf(part ?? verdict), message, ...facts },
  };
}

/** The verdict in words, for a gate of several commands with the name of the one that it is about. */
export function saidOf(verdict: Verdict, part: GatePart | undefined): string {
  const gate = part === undefined ? 'the gate' : `the gate's command ${part.name}`;
  const { status, durationMs } = part ?? verdict;
  switch (status) {
    case 'timed-out':
      return `${gate} timed out after ${(durationMs / 1000).toFixed(1)} s`;
    case 'broken':
      return `${gate} could not run`;
    case 'red':
      return `${gate} is red (exit code ${exitCodeOf(part ?? verdict)})`;
    default:
      return `${gate} is ${status}`;
  }
}

function exitCodeOf(what: GatePart | Verdict): number | undefined {
  return 'exitCode' in what ? what.exitCode : undefined;
}

function pairOf(task: Task, partner: Task): string {
  return `only together with task ${partner.id}: ${specOf(task)} and ${specOf(partner)} are each green without the other`;
}

function kindOf({ status }: Pick<GatePart, 'status'>): TaskFailure['kind'] {
  return status === 'timed-out' ? 'gate-timed-out' : status === 'broken' ? 'gate-broken' : 'gate-red';
}

function specOf({ id, specs }: Task): string {
  return specs[0]?.path ?? `task ${id}`;
}
