import type { AttemptEnding, EndedAttempt } from './attempt.js';
import { defined } from './defined.js';
import type { RunEvent, RunLevelEvent, TaskLevelEvent } from './event.js';
import { figuresOf, type TaskFigures } from './figures.js';
import { type GateAnswer, holdsClaims } from './state.js';
import type { TaskIn, TaskState } from './task-state.js';
import { mostUsed } from './usage.js';

type GateFinished = Extract<RunLevelEvent, { readonly type: 'gate-finished' }>;
type EventOf<T extends TaskLevelEvent['type']> = Extract<TaskLevelEvent, { readonly type: T }>;

/**
 * The state of one task after one more event; `undefined` for an event about a task that was never planned. An event
 * that does not fit the phase of the task is ignored, like one of an unknown type.
 */
export function reduceTask(task: TaskState | undefined, event: TaskLevelEvent): TaskState | undefined {
  if (event.type === 'task-planned') return planned(event);
  if (!task) return undefined;
  const figures = measured(task, event);
  return inPhase(figures === task.figures ? task : { ...task, figures }, event);
}

/** With what the event has measured of the task. An agent that is found again tells all that it has used from the start. */
function measured({ figures }: TaskState, event: RunEvent): TaskFigures {
  const more = figuresOf(event);
  return more === undefined ? figures : { ...figures, ...more, ...mostUsed(figures, more) };
}

/** The state of a task that a gate has run with. */
export function gated(task: TaskState, event: GateFinished): TaskState {
  if (task.phase !== 'audited') return task;
  const { judgedBy: _before, ...rest } = task;
  const { verdict, fingerprint: judgedBy } = event;
  return { ...rest, figures: measured(task, event), verdict, ...defined({ judgedBy }) };
}

/** The state of a task that is integrated because of this verdict. */
export function judged(
  task: TaskIn<'integrated'>,
  { verdict, fingerprint, logFile }: GateAnswer,
): TaskIn<'integrated'> {
  const { judgedBy: _before, ...rest } = task;
  // Without a log file, the verdict was known of the same files.
  const figures = logFile === undefined ? task.figures : { ...task.figures, gateMs: verdict.durationMs };
  return { ...rest, figures, verdict, ...defined({ judgedBy: fingerprint }) };
}

function inPhase(task: TaskState, event: TaskLevelEvent): TaskState {
  switch (event.type) {
    case 'task-blocked':
      return task.phase === 'waiting' ? { ...task, blockedBy: event.by } : task;
    case 'task-dispatched':
      return dispatched(task, event);
    case 'workspace-created':
      return task.phase === 'dispatched' ? prepared(task, event) : task;
    case 'workspace-moved':
      if (task.phase === 'ended') return toBeResolved(task, event);
      return task.phase === 'dispatched' || task.phase === 'prepared' ? moved(task, event) : task;
    case 'workspace-removed':
      return workspaceRemoved(task, event);
    case 'agent-launching':
      return task.phase === 'prepared' ? { ...task, phase: 'launching' } : task;
    case 'agent-launched':
      return task.phase === 'prepared' || task.phase === 'launching' ? launched(task, event) : task;
    case 'agent-activity':
      return task.phase === 'running'
        ? { ...task, activity: event.activity, ...sessionOf(event.activity) }
        : task;
    case 'agent-capped':
      return task.phase === 'running' ? { ...task, capped: event.reached } : task;
    case 'question-asked':
      if (task.phase !== 'running') return task;
      return { ...task, question: { text: event.question, askedAt: event.at } };
    case 'question-dropped':
      return task.phase === 'running' ? withoutQuestion(task) : task;
    case 'question-answered':
      return answered(task, event);
    case 'task-stopping':
      return task.phase === 'running' ? { ...task, stopping: true } : task;
    case 'agent-exited':
      return task.phase === 'prepared' || task.phase === 'launching' || task.phase === 'running'
        ? { ...task, phase: 'exited', exit: event.exit, exitedAt: event.at, ...sessionOf(event.exit) }
        : task;
    case 'work-collected':
      return task.phase === 'exited'
        ? { ...task, phase: 'collected', commit: event.commit, changes: event.changes }
        : task;
    case 'claims-audited':
      return task.phase === 'collected' || task.phase === 'audited'
        ? { ...task, phase: 'audited', outside: event.outside, claims: [...task.claims, ...event.grown] }
        : task;
    case 'claims-grown':
      return holdsClaims(task) ? { ...task, claims: [...task.claims, ...event.grown] } : task;
    case 'work-sighted':
      return isUnderWay(task) ? sighted(task, event) : task;
    case 'integrate-conflicted':
      return task.phase === 'audited' ? { ...task, conflicts: event.paths } : task;
    case 'integrated':
      return task.phase === 'audited' ? integrated(task, event) : task;
    case 'task-finished':
      return task.phase === 'integrated' ? task : finished(task, event);
    case 'task-requeued':
      return requeued(task, event);
    case 'task-continued':
      return task.phase === 'waiting' || task.phase === 'integrated' ? task : continued(task, event);
    case 'task-reopened':
      return task.phase === 'ended' ? reopened(task, event) : task;
    default:
      return task;
  }
}

function planned(event: EventOf<'task-planned'>): TaskIn<'waiting'> {
  const { claims, unknownScope } = event.claims;
  return { task: event.task, claims, unknownScope, phase: 'waiting', attempt: 0, attempts: [], figures: {} };
}

/**
 * A dispatch drops all facts of an earlier attempt, except the claims that grew, and what an attempt that goes on needs: its
 * workspace, why it goes on, and `over`, since that workspace is based on that old history, too.
 */
function dispatched(task: TaskState, event: EventOf<'task-dispatched'>): TaskIn<'dispatched'> {
  const { base, over, claims, unknownScope, attempts, continues } = task;
  const { attempt, stateDir, at, agent: agentName } = event;
  return {
    task: task.task,
    ...{ claims, unknownScope, attempt, attempts, stateDir, figures: {} },
    ...defined({ agentName, continues }),
    ...(continues === undefined ? {} : workspaceOf(task)),
    phase: 'dispatched',
    base: event.base,
    dispatchedAt: at,
    ...(over !== undefined && (base === event.base || continues !== undefined) ? { over } : {}),
  };
}

function prepared(task: TaskIn<'dispatched'>, event: EventOf<'workspace-created'>): TaskIn<'prepared'> {
  const { workspace } = event;
  return {
    ...task,
    phase: 'prepared',
    workspace,
    workspaceGone: false,
  };
}

function moved(
  task: TaskIn<'dispatched' | 'prepared'>,
  { workspace, outcome }: EventOf<'workspace-moved'>,
): TaskState {
  const { continues } = task;
  const onward = continues && { continues: { ...continues, moved: outcome } };
  return { ...task, ...onward, workspace, base: workspace.base };
}

/** It stays rejected until it is taken up again; what is collected then is compared with the new base. */
function toBeResolved(
  task: TaskIn<'ended'>,
  { workspace, outcome: resolving }: EventOf<'workspace-moved'>,
): TaskState {
  if (task.exit === undefined || task.workspace === undefined) return task;
  return { ...task, workspace, base: workspace.base, resolving };
}

function workspaceRemoved(task: TaskState, event: EventOf<'workspace-removed'>): TaskState {
  if (task.workspace === undefined) return task;
  const { workspaceKept: _before, ...rest } = task;
  return event.outcome.status === 'kept'
    ? { ...rest, workspaceGone: false, workspaceKept: event.outcome }
    : { ...rest, workspaceGone: true };
}

function launched(
  task: TaskIn<'prepared' | 'launching'>,
  event: EventOf<'agent-launched'>,
): TaskIn<'running'> {
  const { startedAt, details } = event;
  const agent = defined({ agent: details });
  return { ...task, phase: 'running', launchedAt: startedAt, ...agent };
}

type UnderWay = TaskIn<'running' | 'exited' | 'collected' | 'audited'>;

/** True if the task has work that is neither integrated nor rejected. */
function isUnderWay(task: TaskState): task is UnderWay {
  const { phase } = task;
  return phase === 'running' || phase === 'exited' || phase === 'collected' || phase === 'audited';
}

function sighted(task: UnderWay, { sighting }: EventOf<'work-sighted'>): TaskState {
  const { sighting: _before, ...rest } = task;
  return Object.keys(sighting).length === 0 ? rest : { ...rest, sighting };
}

function sessionOf({ sessionId }: { readonly sessionId?: string }): { readonly sessionId?: string } {
  return defined({ sessionId });
}

function integrated(task: TaskIn<'audited'>, event: EventOf<'integrated'>): TaskIn<'integrated'> {
  const { conflicts: _conflicts, sighting: _sighting, sentBack: _sentBack, ...rest } = task;
  const { from, commit, at, noChange } = event;
  return {
    ...rest,
    ...{ phase: 'integrated', outcome: 'integrated' },
    ...{ onto: from, integratedAs: commit, integratedAt: at, endedAt: task.endedAt ?? at },
    ...defined({ noChange }),
  };
}

/** Integrated work stays integrated. */
function finished(
  task: Exclude<TaskState, TaskIn<'integrated'>>,
  event: EventOf<'task-finished'>,
): TaskIn<'ended'> {
  const { failure: _before, ...rest } = task;
  const { status, reason, failure, at } = event;
  return {
    ...rest,
    ...{ phase: 'ended', outcome: status, reason, endedAt: at },
    ...defined({ failure }),
  };
}

/** Back to the queue: only what was planned, the claims that grew and the attempts remain. */
function requeued(task: TaskState, { reason, at }: EventOf<'task-requeued'>): TaskIn<'waiting'> {
  const { claims, unknownScope, attempt } = task;
  const attempts = withAttempt(task, { status: 'cancelled', reason }, at);
  return { task: task.task, claims, unknownScope, phase: 'waiting', attempt, attempts, figures: {} };
}

/** Back to the queue, with its workspace and what the next attempt goes on with. */
function continued(
  task: Exclude<TaskState, TaskIn<'waiting' | 'integrated'>>,
  event: EventOf<'task-continued'>,
): TaskIn<'waiting'> {
  const { claims, unknownScope, attempt, over, base, sessionId } = task;
  const { ending, feedback, conflict, uncounted, at } = event;
  const answered = task.question?.answer === undefined ? undefined : task.question;
  const question = event.question === undefined ? answered : { text: event.question, askedAt: at };
  const machine = task.workspace?.host;
  const onward = { agent: agentOf(task), sessionId, machine, conflict, question };
  return {
    task: task.task,
    ...{ claims, unknownScope, attempt, figures: {} },
    attempts: withAttempt(task, ending, at, uncounted),
    phase: 'waiting',
    continues: { after: attempt, ending, feedback, ...defined(onward) },
    ...defined({ over, base }),
    ...workspaceOf(task),
  };
}

function withoutQuestion({ question: _question, ...task }: TaskIn<'running'>): TaskIn<'running'> {
  return task;
}

/** Of the question that was asked at that time; a running agent is stopped for it. */
function answered(task: TaskState, { askedAt, answer }: EventOf<'question-answered'>): TaskState {
  if (task.phase === 'running' && task.question?.askedAt === askedAt)
    return { ...task, question: { ...task.question, answer } };
  const { continues } = task;
  if (task.phase !== 'waiting' || continues?.question?.askedAt !== askedAt) return task;
  return { ...task, continues: { ...continues, question: { ...continues.question, answer } } };
}

function workspaceOf({ workspace, workspaceGone, workspaceKept }: TaskState): WorkspaceFacts {
  return defined({ workspace, workspaceGone, workspaceKept });
}

type WorkspaceFacts = Partial<Pick<TaskIn<'integrated'>, 'workspace' | 'workspaceGone' | 'workspaceKept'>>;

function agentOf({ agentName, agent }: TaskState): string | undefined {
  return agentName ?? agent?.agent?.toString();
}

/** The attempts of a task with the current one, which ends here; one that never had an agent is none. */
function withAttempt(
  task: TaskState,
  otherwise: AttemptEnding,
  at: number,
  uncounted?: true,
): readonly EndedAttempt[] {
  const { attempt: number, attempts, figures } = task;
  if (task.exit === undefined && task.launchedAt === undefined) return attempts;
  const { stateDir, dispatchedAt, commit, sessionId } = task;
  const { status, reason, failure } =
    task.phase === 'ended' ? { ...task, status: task.outcome } : { failure: undefined, ...otherwise };
  const last = task.phase === 'ended' ? (true as const) : undefined;
  const where = { stateDir, machine: task.workspace?.host };
  const facts = { agent: agentOf(task), sessionId, ...where, dispatchedAt, commit, failure, uncounted, last };
  return [...attempts, { number, status, reason, figures, endedAt: task.endedAt ?? at, ...defined(facts) }];
}

/** As if its agent had just exited, or its work had just been collected. */
function reopened(task: TaskIn<'ended'>, { collect }: EventOf<'task-reopened'>): TaskState {
  if (task.exit === undefined) return task;
  const { outcome: _outcome, reason: _reason, failure: _failure, endedAt: _endedAt, ...open } = task;
  const { outside: _o, verdict: _v, judgedBy: _j, conflicts: _x, sentBack: _s, ...rest } = open;
  if (rest.commit === undefined) return { ...rest, phase: 'exited' };
  if (collect !== true) return { ...rest, phase: 'collected' };
  const { commit: _commit, changes: _changes, integratedAt: _integratedAt, ...exited } = rest;
  return { ...exited, phase: 'exited' };
}
