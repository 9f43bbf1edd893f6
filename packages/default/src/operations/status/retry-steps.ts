import { defined, type RunState, type TaskState } from '@pwt/core';
import { isHeldForResume, type NextStep } from './next-step.js';
import { raisedCap } from './raised-cap.js';

/** For tasks with one outcome: the command that shows more, and the flags for trying them again. */
interface Way {
  readonly look?: (ids: string) => string;
  readonly why?: string;
  /** For `retry`, with a space in front. */
  readonly flags?: string;
}

const logs = (ids: string) => `pwt logs ${ids}`;

/**
 * What can be done about tasks that did not succeed: try them again, those with the same outcome together. Skipped
 * tasks start with the task that they depend on, so none is named. Pure.
 *
 * @param run for commands about a run that is not the newest
 */
export function retrySteps(state: RunState, run: string): NextStep[] {
  const groups = new Map<string, { way: Way; ids: string[] }>();
  for (const task of state.tasks.values()) {
    const way = wayOf(state, task);
    if (way === undefined) continue;
    const key = JSON.stringify([way.look?.(''), way.flags]);
    const group = groups.get(key) ?? { way, ids: [] };
    group.ids.push(task.task.id);
    groups.set(key, group);
  }
  return [
    ...[...groups.values()].map(({ way, ids }): NextStep => {
      const spelled = ids.join(' ');
      return {
        action: `Try ${ids.join(', ')} again`,
        why: way.why === undefined ? [] : [way.why],
        taskIds: ids,
        command: `pwt retry ${spelled}${run}${way.flags ?? ''}`,
        ...(way.look === undefined ? {} : { look: `${way.look(spelled)}${run}` }),
      };
    }),
    ...strandedSteps(state),
  ];
}

/** For each outcome; `undefined` where starting over does not help. */
const ways: Readonly<
  Record<NonNullable<TaskState['outcome']>, (task: TaskState, state: RunState) => Way | undefined>
> = {
  landed: () => undefined,
  integrated: () => undefined,
  failed: ({ exit, failure, verdict, capped }, state) =>
    failure?.kind === 'budget'
      ? { look: logs, flags: raisedCap(state, capped) }
      : exit === undefined
        ? {}
        : verdict === undefined || failure?.kind.startsWith('gate-') === false
          ? { look: logs }
          : gateWay(verdict),
  'timed-out': (task, state) => ({ look: logs, flags: longer(state, task) }),
  conflicted: () => ({}),
  held: (task) => (isHeldForResume(task) || task.failure?.kind === 'dependency' ? undefined : {}),
  // What it committed was there already: an agent that starts over finds nothing to do.
  unchanged: ({ changes = [] }) => (changes.length === 0 ? { look: logs } : undefined),
  skipped: () => undefined,
  cancelled: () => ({}),
};

function wayOf(state: RunState, task: TaskState): Way | undefined {
  return task.outcome && ways[task.outcome](task, state);
}

function gateWay(verdict: NonNullable<TaskState['verdict']>): Way {
  const look = (ids: string) => `pwt logs --gate ${ids}`;
  const why =
    'If the gate or the tests are at fault, mend them first: the work is then tested again, and no agent starts.';
  return verdict.status === 'timed-out'
    ? { look, flags: ` --gate-timeout ${doubled(verdict.durationMs)}` }
    : { look, why };
}

/** The limit that ended the agent, doubled. */
function longer({ options }: RunState, { exit }: TaskState): string {
  const isIdle = exit?.kind === 'idle-timed-out';
  const limitMs = (isIdle ? options?.idleTimeoutMs : options?.timeoutMs) ?? 0;
  return limitMs === 0 ? '' : ` ${isIdle ? '--idle-timeout' : '--timeout'} ${doubled(limitMs)}`;
}

function doubled(ms: number): string {
  const minutes = (2 * ms) / 60_000;
  return Number.isInteger(minutes) ? `${minutes}m` : `${Math.ceil((2 * ms) / 1000)}s`;
}

/**
 * Skipped tasks that can't run in this run any more: those that depend on one another in a cycle, and those that depend
 * on a task whose work is on the target already. In a run of their own, dependencies outside of it count as done.
 */
function strandedSteps(state: RunState): NextStep[] {
  const stranded = [...state.tasks.values()].filter(
    (task) =>
      task.outcome === 'skipped' && !needsOf(state, task).some((needed) => canComeBack(state, needed)),
  );
  const circular = stranded.filter((task) => needsOf(state, task).includes(task));
  return [
    ...runStep(
      circular,
      (ids) => `${ids} can only start when a dependency between them is taken out of their specs.`,
      'pwt plan --check',
    ),
    ...runStep(
      stranded.filter((task) => !circular.includes(task)),
      (ids) => `What ${ids} waited for changes nothing: it is there already.`,
    ),
  ];
}

function runStep(tasks: readonly TaskState[], why: (ids: string) => string, look?: string): NextStep[] {
  if (tasks.length === 0) return [];
  const taskIds = tasks.map(({ task }) => task.id);
  const spelled = taskIds.join(', ');
  const command = `pwt run ${taskIds.join(' ')}`;
  return [
    {
      action: `Run ${spelled}`,
      why: [why(spelled)],
      taskIds,
      command,
      ...defined({ look }),
    },
  ];
}

function canComeBack(state: RunState, task: TaskState): boolean {
  return isHeldForResume(task) || wayOf(state, task) !== undefined;
}

/** Everything that a task depends on, directly or not; itself, if it is in a cycle. */
function needsOf({ tasks }: RunState, of: TaskState): readonly TaskState[] {
  const found = new Set<TaskState>();
  const open = [...of.task.dependsOn];
  for (const id of open) {
    const needed = tasks.get(id);
    if (needed === undefined || found.has(needed)) continue;
    found.add(needed);
    open.push(...needed.task.dependsOn);
  }
  return [...found];
}
