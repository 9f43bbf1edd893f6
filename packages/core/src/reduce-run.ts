import { defined } from './defined.js';
import type { RunLevelEvent } from './event.js';
import { hasOwnCommit } from './no-change.js';
import { withFinding, withoutFinding, withoutObstacles } from './reduce-findings.js';
import { gateFinished, gateStarted, gateStopped, withoutAdvance } from './reduce-gates.js';
import { withPullRequest } from './reduce-pull-requests.js';
import { withRequest, withTaken } from './reduce-requests.js';
import type { SentBackTask } from './review.js';
import type { RunState, StartedRun } from './state.js';
import type { TaskIn, TaskState } from './task-state.js';
import type { CommitId } from './workspace.js';

type EventOf<T extends RunLevelEvent['type']> = Extract<RunLevelEvent, { readonly type: T }>;

/** The state of a run after one more event about it as a whole. */
export function reduceRunEvent(state: RunState, event: RunLevelEvent): RunState {
  switch (event.type) {
    case 'run-started':
      return started(state, event);
    case 'run-planned':
      return { ...state, order: event.order, diagnostics: event.diagnostics };
    case 'stop-requested':
      return { ...state, stopping: event.mode };
    case 'times-expected':
      return { ...state, expectedMs: event.agentMs };
    case 'waiting-explained':
      return { ...state, explainedAt: event.seq };
    case 'resources-sampled':
      return {
        ...state,
        resources: { ...defined({ machines: state.resources?.machines }), ...event.sample },
      };
    case 'admission-paused':
      return { ...state, paused: event.reason };
    case 'admission-resumed': {
      const { paused: _paused, ...rest } = state;
      return rest;
    }
    case 'agent-paused': {
      const { agent, failure, count, until, by, at } = event;
      const pause = { failure, count, since: at, by, ...defined({ until }) };
      return { ...state, agentPauses: { ...state.agentPauses, [agent]: pause } };
    }
    case 'agent-unpaused': {
      const { [event.agent]: _over, ...agentPauses } = state.agentPauses;
      return { ...state, agentPauses };
    }
    case 'cap-reached':
      return { ...state, capReached: event.reached };
    case 'warning': {
      const { diagnostic } = event;
      const diagnostics = [...state.diagnostics, diagnostic];
      return diagnostic.code === 'PWT_LAND_REFUSED'
        ? { ...state, diagnostics, landingBlocked: diagnostic }
        : { ...state, diagnostics };
    }
    case 'finding':
      return { ...state, findings: withFinding(state.findings, event.finding) };
    case 'finding-resolved':
      return { ...state, findings: withoutFinding(state.findings, event.finding) };
    default:
      // Nothing else can have happened to a run that has not started.
      return state.status === 'empty' ? state : reduceStarted(state, event);
  }
}

function reduceStarted(state: StartedRun, event: RunLevelEvent): StartedRun {
  switch (event.type) {
    case 'run-resumed':
      return resumed(state, event);
    case 'run-interrupted': {
      const { stopping: _stopping, ...rest } = state;
      return { ...rest, status: 'interrupted', gating: [], interrupted: whyInterrupted(event) };
    }
    case 'run-finished': {
      const { success, tasks, totals, durationMs, usage, at } = event;
      const { stopping: _stopping, ...rest } = state;
      return {
        ...rest,
        status: 'finished',
        gating: [],
        finishedAt: at,
        summary: { success, tasks, totals, durationMs, ...defined({ usage }) },
      };
    }
    case 'gate-started':
      return gateStarted(state, event);
    case 'gate-finished':
      return gateFinished(state, event);
    case 'gate-stopped':
      return gateStopped(state, event.commit);
    case 'advance-started': {
      const { from, to, tasks } = event;
      return { ...state, advancing: { from, to, tasks } };
    }
    case 'target-moved': {
      // The recorded landing does not happen: the new commits of the target are merged first.
      const { landing: _landing, ...rest } = state;
      return { ...rest, joining: event.tip };
    }
    case 'target-conflicted': {
      const { joining: _joining, ...rest } = state;
      return rest;
    }
    case 'target-integrated': {
      const { joining: _joining, ...rest } = withoutAdvance(state);
      return { ...rest, integration: event.commit, landedTip: event.tip };
    }
    case 'target-replaced':
      return targetReplaced(state, event);
    case 'land-started': {
      const { from, to, tasks } = event;
      return { ...state, landing: { from, to, ...defined({ tasks }) } };
    }
    case 'landing-chosen': {
      const { declined: _declined, ...rest } = state;
      const chosen = { taskIds: event.taskIds, asked: event.asked };
      return { ...rest, chosen, ...withRequest(state, event.request, { isBegun: true }) };
    }
    case 'landing-declined': {
      const { v: _v, seq: _seq, at: _at, runId: _runId, type: _type, taskId: _taskId, ...declined } = event;
      const { chosen: _chosen, landing: _landing, ...rest } = state;
      return { ...rest, declined };
    }
    case 'branch-pushing':
    case 'branch-pushed':
    case 'pull-request-opened':
      return { ...state, pullRequests: withPullRequest(state.pullRequests, event) };
    case 'integration-restarted':
      return {
        ...integrationRestarted(state, event),
        ...withRequest(state, event.request, { isBegun: true }),
      };
    case 'request-taken':
      return { ...state, requests: withTaken(state.requests, event) };
    case 'request-done':
      return { ...state, ...withRequest(state, event.id, { isDone: true }) };
    case 'landed':
      return landed(state, event);
    case 'land-refused': {
      const { landing: _landing, ...rest } = state;
      return { ...rest, landRefused: event.outcome };
    }
    default:
      return state;
  }
}

function started(state: RunState, event: EventOf<'run-started'>): StartedRun {
  const { target, base, options, settings, at } = event;
  const given = { target, base, options, settings };
  return { ...state, status: 'running', startedAt: at, ...given, integration: base, landedTip: base };
}

function whyInterrupted({
  reason,
  because,
}: EventOf<'run-interrupted'>): NonNullable<RunState['interrupted']> {
  return { reason, ...defined({ because }) };
}

function resumed(state: StartedRun, { options, at }: EventOf<'run-resumed'>): StartedRun {
  const { finishedAt: _finishedAt, summary: _summary, paused: _paused, ...open } = state;
  const { interrupted: _interrupted, capReached: _reached, ...again } = open;
  const { landRefused: _refused, landingBlocked: _blocked, stopping: _stopping, ...rest } = again;
  forgetBlockers(state.tasks as Map<string, TaskState>);
  // The base is looked at again: the gate, its environment or the target may be others now.
  const diagnostics = rest.diagnostics.filter(({ code }) => code !== 'PWT_GATE_BASE_RED');
  const now = { status: 'running', resumedAt: at, options: options ?? state.options } as const;
  return { ...rest, ...now, diagnostics, gating: [] };
}

/** Another policy or estimate may decide from now on. */
function forgetBlockers(tasks: Map<string, TaskState>): void {
  for (const [id, task] of tasks) {
    if (task.phase !== 'waiting' || task.blockedBy === undefined) continue;
    const { blockedBy: _before, ...rest } = task;
    tasks.set(id, rest);
  }
}

/** Tasks whose work is based on the old history are marked: only their changes are put on the new one. */
function targetReplaced(state: StartedRun, event: EventOf<'target-replaced'>): StartedRun {
  const { from, tip, taskIds } = event;
  markForNewStart(state, { from, taskIds, contained: [], sentBack: [] });
  const { landing: _landing, landRefused: _refused, landingBlocked: _blocked, ...rest } = state;
  const { joining: _joining, findings, ...run } = withoutAdvance(rest);
  return { ...run, findings: withoutObstacles(findings), integration: tip, landedTip: tip, replaced: from };
}

function integrationRestarted(state: StartedRun, event: EventOf<'integration-restarted'>): StartedRun {
  const { from, to, taskIds, contained, tip, sentBack = [] } = event;
  markForNewStart(state, { from, taskIds, contained, sentBack });
  const { restartFrom: _restart, joining: _joining, ...run } = withoutAdvance(state);
  return { ...run, integration: to, landedTip: tip ?? run.landedTip, replaced: from };
}

interface NewStart {
  readonly from: CommitId;
  readonly taskIds: readonly string[];
  readonly contained: readonly string[];
  readonly sentBack: readonly SentBackTask[];
}

function markForNewStart(state: StartedRun, { from, taskIds, contained, sentBack }: NewStart): void {
  const tasks = state.tasks as Map<string, TaskState>;
  const reasons = new Map(sentBack.map(({ taskId, reason }) => [taskId, reason]));
  const again = new Set(taskIds);
  const free = new Set(contained);
  for (const [id, task] of tasks) {
    if (task.base === undefined || task.outcome === 'landed') continue;
    const { over: before, ...rest } = task;
    const over = free.has(id) ? {} : { over: before ?? task.onto ?? from };
    const marked = { ...rest, ...over } as TaskState;
    const isAgain = marked.phase === 'integrated' && again.has(id);
    tasks.set(id, isAgain ? toBeReplayed(marked, reasons.get(id)) : marked);
  }
}

function toBeReplayed(task: TaskIn<'integrated'>, sentBack: string | undefined): TaskIn<'audited'> {
  const { outcome: _o, integratedAs: _i, ...work } = task;
  const { onto: _t, verdict: _v, judgedBy: _j, noChange: _n, ...rest } = work;
  return { ...rest, phase: 'audited', ...defined({ sentBack }) };
}

function landed(state: StartedRun, event: EventOf<'landed'>): StartedRun {
  const tasks = state.tasks as Map<string, TaskState>;
  const { to, taskIds, tasks: joined } = event;
  const own = new Map(joined?.map((entry) => [entry.taskId, entry]));
  for (const id of taskIds) {
    const task = tasks.get(id);
    if (task?.phase !== 'integrated') continue;
    const { commit = task.integratedAs, over = task.over } = own.get(id) ?? {};
    const onto = hasOwnCommit(task) ? task.onto : commit;
    tasks.set(id, { ...task, onto, integratedAs: commit, outcome: 'landed', ...defined({ over }) });
  }
  const { landing: _landing, landRefused: _refused, landingBlocked: _blocked, ...rest } = state;
  const { chosen, declined: _declined, ...run } = rest;
  const isStillChosen = chosen?.taskIds.some((id) => !taskIds.includes(id)) === true;
  return {
    ...run,
    ...(isStillChosen ? defined({ chosen }) : {}),
    ...(joined === undefined ? {} : { restartFrom: to }),
    findings: withoutObstacles(rest.findings),
    landedTip: to,
  };
}
