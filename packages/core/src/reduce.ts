import type { RunEvent, RunLevelEvent, TaskLevelEvent } from './event.js';
import { type Finding, type FindingKind, isSameFinding } from './finding.js';
import { reduceTask } from './reduce-task.js';
import type { RunState, TaskState } from './state.js';

/** A run of which nothing is known yet. */
export function emptyRunState(runId: string): RunState {
  return {
    runId,
    status: 'empty',
    tasks: new Map(),
    order: [],
    diagnostics: [],
    findings: [],
    snapshots: [],
    seq: 0,
  };
}

/** The state after all these events. Pure; unknown event types are passed over. */
export function reduceRun(events: Iterable<RunEvent>, runId = ''): RunState {
  let state = emptyRunState(runId);
  for (const event of events) state = applyEvent(state, event);
  return state;
}

/**
 * The state after one more event, in O(1) for any number of tasks: the map of tasks is handed on and
 * changed in place, so the state passed in must not be used afterwards. Everything else is immutable.
 */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  const next: RunState = {
    ...state,
    runId: event.runId,
    seq: event.seq,
    lastEventAt: event.at,
  };
  return event.taskId === undefined
    ? applyRunEvent(next, event as RunLevelEvent)
    : applyTaskEvent(next, event as TaskLevelEvent);
}

function applyTaskEvent(state: RunState, event: TaskLevelEvent): RunState {
  const tasks = state.tasks as Map<string, TaskState>;
  const task = reduceTask(tasks.get(event.taskId), event);
  if (task) tasks.set(event.taskId, task);
  const next = LOOKS_AGAIN.has(event.type) ? lookedAtAgain(state, event.taskId) : state;
  if (event.type === 'integrated') return { ...next, integration: event.commit };
  if (event.type === 'snapshot-taken') return withSnapshot(next, event);
  return next;
}

function applyRunEvent(state: RunState, event: RunLevelEvent): RunState {
  switch (event.type) {
    case 'run-started': {
      const { target, base, options, settings, at } = event;
      return {
        ...state,
        status: 'running',
        startedAt: at,
        target,
        base,
        options,
        settings,
        integration: base,
        landedTip: base,
      };
    }
    case 'run-planned':
      return { ...state, order: event.order, diagnostics: event.diagnostics };
    case 'run-resumed': {
      const {
        finishedAt: _finishedAt,
        summary: _summary,
        paused: _paused,
        landRefused: _refused,
        landingBlocked: _blocked,
        ...rest
      } = state;
      return { ...rest, status: 'running', ...(event.options ? { options: event.options } : {}) };
    }
    case 'run-interrupted':
      return { ...state, status: 'interrupted' };
    case 'run-finished': {
      const { success, tasks, totals, durationMs, at } = event;
      return {
        ...state,
        status: 'finished',
        finishedAt: at,
        summary: { success, tasks, totals, durationMs },
      };
    }
    case 'target-moved': {
      // What was to land then is not going to: it is joined with what was found instead.
      const { landing: _landing, ...rest } = state;
      return { ...rest, joining: event.tip };
    }
    case 'target-conflicted': {
      const { joining: _joining, ...rest } = state;
      return rest;
    }
    case 'target-integrated': {
      const { joining: _joining, ...rest } = state;
      return { ...rest, integration: event.commit, landedTip: event.tip };
    }
    case 'target-replaced':
      return targetReplaced(state, event);
    case 'land-started':
      return { ...state, landing: { from: event.from, to: event.to } };
    case 'landed':
      return landed(state, event);
    case 'land-refused': {
      const { landing: _landing, ...rest } = state;
      return { ...rest, landRefused: event.outcome };
    }
    case 'resources-sampled':
      return { ...state, resources: event.sample };
    case 'admission-paused':
      return { ...state, paused: event.reason };
    case 'admission-resumed': {
      const { paused: _paused, ...rest } = state;
      return rest;
    }
    case 'warning': {
      const { diagnostic } = event;
      const diagnostics = [...state.diagnostics, diagnostic];
      return diagnostic.code === 'PWT_LAND_REFUSED'
        ? { ...state, diagnostics, landingBlocked: diagnostic }
        : { ...state, diagnostics };
    }
    case 'finding':
      return withFinding(state, event.finding);
    case 'finding-resolved':
      return resolved(state, (finding) => isSameFinding(finding, event.finding));
    default:
      return state;
  }
}

function withSnapshot(state: RunState, event: Extract<TaskLevelEvent, { type: 'snapshot-taken' }>): RunState {
  const { taskId, ref, commit, reason, at } = event;
  if (state.snapshots.some((known) => known.ref === ref)) return state;
  return { ...state, snapshots: [...state.snapshots, { taskId, ref, commit, reason, at }] };
}

/** Everything that was made on the line that was given up is put on the new one by what it changed. */
function targetReplaced(
  state: RunState,
  { from, tip, taskIds }: Extract<RunLevelEvent, { type: 'target-replaced' }>,
): RunState {
  const tasks = state.tasks as Map<string, TaskState>;
  for (const [id, task] of tasks) {
    if (task.base === undefined || task.outcome === 'landed') continue;
    const over = task.over ?? task.onto ?? from;
    tasks.set(id, taskIds.includes(id) ? toBeReplayed({ ...task, over }) : { ...task, over });
  }
  const {
    landing: _landing,
    landRefused: _refused,
    landingBlocked: _blocked,
    joining: _joining,
    ...rest
  } = state;
  return settled({ ...rest, integration: tip, landedTip: tip, replaced: from });
}

function toBeReplayed(task: TaskState): TaskState {
  const {
    outcome: _o,
    reason: _r,
    failure: _f,
    endedAt: _e,
    integratedAs: _i,
    candidate: _c,
    verdict: _v,
    ...rest
  } = task;
  return { ...rest, phase: 'audited' };
}

function landed(state: RunState, event: Extract<RunLevelEvent, { type: 'landed' }>): RunState {
  const tasks = state.tasks as Map<string, TaskState>;
  for (const id of event.taskIds) {
    const task = tasks.get(id);
    if (!task) continue;
    const { reason: _reason, ...rest } = task;
    tasks.set(id, { ...rest, outcome: 'landed', landedAt: event.at });
  }
  const { landing: _landing, landRefused: _refused, landingBlocked: _blocked, ...rest } = state;
  return settled({ ...rest, landedTip: event.to });
}

/** Something that was put right and is found again is told again. */
function withFinding(state: RunState, finding: Finding): RunState {
  const known = state.findings.find((other) => isSameFinding(other, finding));
  if (known !== undefined && known.resolved !== true) return state;
  return { ...state, findings: [...state.findings.filter((other) => other !== known), finding] };
}

/** What stood in the way of a landing has been put right, or decided on. */
function settled(state: RunState): RunState {
  return resolved(state, ({ kind, severity }) => severity === 'error' && OBSTACLES.has(kind));
}

const OBSTACLES: ReadonlySet<FindingKind> = new Set(['config', 'target', 'checkouts']);

/** What held a task back is looked for anew when the task is looked at again, and is gone once it is integrated. */
function lookedAtAgain(state: RunState, taskId: string): RunState {
  return resolved(
    state,
    ({ kind, severity, taskIds }) => severity === 'error' && OF_WORK.has(kind) && taskIds.includes(taskId),
  );
}

const OF_WORK: ReadonlySet<FindingKind> = new Set([
  'submodule',
  'gitlink',
  'nested-repository',
  'link-outside',
  'left-out',
]);

const LOOKS_AGAIN: ReadonlySet<RunEvent['type']> = new Set(['task-requeued', 'task-reopened', 'integrated']);

function resolved(state: RunState, isResolved: (finding: Finding) => boolean): RunState {
  const isNow = (finding: Finding) => finding.resolved !== true && isResolved(finding);
  if (!state.findings.some(isNow)) return state;
  const findings = state.findings.map((finding) =>
    isNow(finding) ? { ...finding, resolved: true as const } : finding,
  );
  return { ...state, findings };
}
