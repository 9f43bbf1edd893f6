import { join } from 'node:path';
import { defaultRunOptions, holdsClaims } from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner';
import { Scheduler, schedulableTasks } from '@pwt/planner';
import type { Clock } from '../clock.js';
import { needs, skip } from '../pipeline/finish.js';
import { rejectionOf } from '../resume/requeue.js';
import { Agents } from './agents.js';
import { Lookout } from './lookout.js';
import type { CoordinatorParts, RunContext } from './run-context.js';
import type { RunLog } from './run-log.js';
import type { StopSwitch } from './stop-switch.js';

export interface CreateContextRequest {
  readonly log: RunLog;
  readonly parts: CoordinatorParts;
  readonly clock: Clock;
  readonly stop: StopSwitch;
  /** The chance that two tasks collide, by their ids; absent: claims alone decide. */
  readonly risk?: RiskEstimate | undefined;
  /** Absolute; the run's own directory is made in it. */
  readonly runsDir: string;
}

/** Everything the steps of a run share, made from its log. */
export function createContext(request: CreateContextRequest): RunContext {
  const { log, parts, clock, stop, risk, runsDir } = request;
  const { state, runId } = log;
  if (state.target === undefined) throw new Error('a run without a target');
  const options = state.options ?? defaultRunOptions;
  const tasks = [...state.tasks.values()];
  const scheduler = new Scheduler({
    tasks: schedulableTasks(
      tasks.map((task) => task.task),
      tasks.map((task) => ({ taskId: task.task.id, claims: task.claims, unknownScope: task.unknownScope })),
    ),
    order: state.order,
    separation: options.separation,
    maxInstances: options.maxInstances,
    ...(risk ? { risk } : {}),
  });
  const shared = { runId, target: state.target, parts, log, clock, agents: new Agents() };
  const lookout = parts.observer && new Lookout(shared, parts.observer);
  return { ...shared, runDir: join(runsDir, runId), options, scheduler, stop, lookout };
}

/** Tells a new scheduler what the log knows: who holds claims, what is in, what has failed. */
export async function restoreScheduler(context: RunContext): Promise<void> {
  const { log, scheduler } = context;
  for (const task of [...log.state.tasks.values()]) {
    const { id } = task.task;
    if (task.integratedAs !== undefined) {
      scheduler.dispatched(id);
      scheduler.integrated(id);
    } else if (holdsClaims(task)) {
      scheduler.dispatched(id);
    } else {
      const rejection = rejectionOf(log.state, id);
      if (rejection === undefined) continue;
      const skipped = scheduler.rejected(id).filter((next) => log.task(next).outcome === undefined);
      await skip(context, skipped, needs(id, rejection));
    }
  }
}
