import {
  type ChosenLanding,
  capText,
  type Diagnostic,
  type GatePurpose,
  noChangeText,
  placeText,
  type RunEvent,
  shellQuote,
} from '@pwt/core';
import { enumerate } from '../format/lists.js';
import { oneLine } from '../format/text.js';
import { formatDuration } from '../format/units.js';
import { movedText } from './attempt-text.js';
import { findingText } from './finding-text.js';
import { partsText, testedText } from './gate-text.js';
import { pauseText } from './pause-text.js';
import { questionEventText } from './question-text.js';
import { pathsText, sightingText } from './sighting-text.js';
import { waitingText } from './waiting-text.js';

/** How many tasks are named that wait for the same. */
const MOST_IDS = 8;

/** An event as one plain line, for pipes and logs; `undefined` for those that would only be noise. Pure. */
export function eventLine(event: RunEvent): string | undefined {
  const text = event.taskId === undefined ? runText(event) : taskText(event);
  if (text === undefined) return undefined;
  return `${clockTime(event.at)} ${event.taskId === undefined ? '' : `${event.taskId}: `}${oneLine(text)}`;
}

/** The time of day of a line, in UTC. Pure. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

function runText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `run ${event.runId} onto ${event.target} (${event.base.slice(0, 10)})`;
    case 'run-planned':
      return `order: ${event.order.join(', ')}`;
    case 'run-resumed':
      return `resumed run ${event.runId}`;
    case 'stop-requested':
      return stopText(event.mode);
    case 'run-interrupted':
      return `interrupted: ${event.reason}`;
    case 'landed':
      if (event.from === event.to) return `landed without a change: ${event.taskIds.join(', ')}`;
      return `landed on ${event.target}: ${event.to.slice(0, 10)} (${event.taskIds.join(', ')})`;
    case 'gate-started':
      return `gate started on ${testedText(event)}${why[event.purpose] ?? ''}`;
    case 'gate-finished':
      return gateText(event);
    case 'target-moved':
      return `the target has moved to ${event.tip.slice(0, 10)}: joining`;
    case 'target-replaced':
      return `the target was rewritten: starting anew from ${event.tip.slice(0, 10)}, with ${event.taskIds.join(', ')} on top`;
    case 'landing-chosen':
      return chosenText(event);
    case 'landing-declined':
      return `not landed: ${event.message}`;
    case 'request-taken':
      return `a person wants to ${event.kind} ${event.taskIds.length === 0 ? 'all that is tested' : event.taskIds.join(', ')}`;
    case 'request-done':
      return event.refused && `not done: ${event.refused.message}`;
    case 'branch-pushed':
      return `pushed ${event.branch} to ${event.remote} (${event.commit.slice(0, 10)})`;
    case 'pull-request-opened':
      return `pull request for ${event.taskIds.join(', ')}: ${event.url}`;
    case 'integration-restarted':
      return restartedText(event);
    case 'admission-paused':
      return `no new agents for now: ${event.reason}`;
    case 'admission-resumed':
      return 'new agents may start again';
    case 'agent-paused':
      return pauseText(event);
    case 'agent-unpaused':
      return `${event.agent === '' ? 'the agent' : event.agent} works again`;
    case 'cap-reached':
      return `nothing starts any more: ${capText(event.reached)}`;
    case 'warning':
      return warningText(event.diagnostic);
    case 'finding':
      return findingText(event.finding);
    case 'finding-resolved':
      return findingText({ ...event.finding, resolved: true });
    case 'run-finished':
      return `finished in ${formatDuration(event.durationMs)}`;
    default:
      return undefined;
  }
}

function stopText(mode: 'drain' | 'now'): string {
  return mode === 'now'
    ? 'told to stop: agents are ended'
    : 'told to stop: nothing more starts, running agents finish';
}

function chosenText({ taskIds, asked }: ChosenLanding): string {
  const needed = taskIds.filter((id) => !asked.includes(id));
  return `to land: ${asked.join(', ')}${needed.length === 0 ? '' : `, with ${needed.join(', ')}, which they depend on`}`;
}

function restartedText(event: Extract<RunEvent, { readonly type: 'integration-restarted' }>): string {
  const { to, taskIds, sentBack = [] } = event;
  const back = sentBack.map(({ taskId, reason }) => `${taskId} goes back to its agent: ${reason}. `).join('');
  const rest = taskIds.filter((id) => sentBack.every(({ taskId }) => taskId !== id));
  const start = `${back}Starting anew from ${to.slice(0, 10)}`;
  return rest.length === 0 ? start : `${start}, with ${rest.join(', ')} on top`;
}

const why: Readonly<Partial<Record<GatePurpose, string>>> = {
  search: ', to find what it is red for',
  confirm: ', to see the red again',
  partner: ', to find what it is red with',
  choice: ', as they would land by themselves',
};

function gateText(event: Extract<RunEvent, { readonly type: 'gate-finished' }>): string {
  const { verdict, known } = event;
  const said = `gate ${verdict.status} for ${testedText(event)}`;
  const parts = partsText(verdict);
  return known
    ? `${said}: known of the same files${parts}`
    : `${said} after ${formatDuration(verdict.durationMs)}${parts}`;
}

/** What a run says of itself at its start, a line each: what is about no single spec. Pure. */
export function startNotes(event: RunEvent): string[] {
  if (event.type !== 'run-planned') return [];
  return event.diagnostics
    .filter(({ severity, taskIds = [] }) => severity !== 'error' && taskIds.length === 0)
    .map((diagnostic) => oneLine(warningText(diagnostic)));
}

/** A diagnostic of a run as one line of text, with what to do next. Pure. */
export function warningText({ severity, code, message, hint }: Diagnostic): string {
  const said = `${severity} ${code}: ${message}`;
  if (hint === undefined) return said;
  return `${said}${/[.!?]$/.test(message) ? '' : '.'} ${hint}`;
}

function taskText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'task-blocked':
      return blockedText(event);
    case 'workspace-created':
      return `worktree ${placeText(event.workspace)}${event.workspace.branch === undefined ? '' : ` on ${event.workspace.branch}`}`;
    case 'agent-launched':
      return typeof event.details?.machine === 'string'
        ? `agent started on ${event.details.machine}`
        : 'agent started';
    case 'agent-capped':
      return `its agent is stopped: ${capText(event.reached)}`;
    case 'agent-exited': {
      const { kind, exitCode, durationMs, failure, noChange, lostWith } = event.exit;
      const lost = lostWith === undefined ? kind : `lost: machine ${lostWith} was lost`;
      const how = kind === 'exited' ? `exited with ${exitCode ?? '?'}` : lost;
      const stated = noChange === undefined ? '' : `; it states: ${noChangeText(noChange)}`;
      return `agent ${how} after ${formatDuration(durationMs)}${failure ? `: ${failure.message}` : ''}${stated}`;
    }
    case 'claims-audited':
      return event.outside.length === 0
        ? undefined
        : `changed outside its claims: ${event.outside.join(', ')}`;
    case 'work-sighted':
      return sightingText(event.sighting) ?? 'nothing is in its way any more';
    case 'claims-grown':
      return `also holds, since its agent changes it: ${pathsText(
        event.grown.map(({ pattern }) => pattern),
        event.grown.length,
      )}`;
    case 'integrate-conflicted':
      return `conflicts in ${event.paths.map(({ path }) => path).join(', ')}`;
    case 'integrated':
      if (event.noChange !== undefined) return noChangeText(event.noChange);
      return `integrated as ${event.commit.slice(0, 10)}`;
    case 'task-finished':
      return `${event.status}: ${event.reason}`;
    case 'snapshot-taken':
      return `what it had is kept (${event.reason}). To see it: pwt restore ${shellQuote(event.taskId)} --run ${shellQuote(event.runId)}`;
    case 'task-reopened':
      return `goes on with the work it has: ${event.reason}`;
    case 'task-dispatched':
      return event.attempt === 1 ? undefined : `attempt ${event.attempt} begins`;
    case 'workspace-moved':
      return movedText(event);
    case 'task-continued':
      return questionEventText(event) ?? `goes on after ${event.ending.status}: ${event.ending.reason}`;
    case 'task-requeued':
      return `starts over: ${event.reason}`;
    default:
      return questionEventText(event);
  }
}

/** What the run as a whole tells is not said of each task. */
function blockedText({
  by,
  also = [],
}: Extract<RunEvent, { readonly type: 'task-blocked' }>): string | undefined {
  if (by.kind === 'resources' || by.kind === 'agent' || by.kind === 'budget' || by.kind === 'answer')
    return undefined;
  const others = also.length === 0 ? '' : ` (and so do ${enumerate(also, MOST_IDS)})`;
  return `${waitingText(by)}${others}`;
}
