import { join } from 'node:path';
import { defaultRunOptions, holdsClaims } from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner';
import { Scheduler, schedulableTasks } from '@pwt/planner';
import type { Clock } from '../clock.js';
import { Removals } from '../landing/removals.js';
import { needs, skip } from '../pipeline/finish.js';
import { rejectionOf } from '../resume/requeue.js';
import { Lookout } from './lookout.js';
import type { CoordinatorParts, RunContext, StopMode } from './run-context.js';
import type { RunLog } from './run-log.js';
import { SerialQueue } from './serial-queue.js';
import { Startups } from './startups.js';
import { WakeUp } from './wake-up.js';

export interface CreateContextRequest {
  readonly log: RunLog;
  readonly parts: CoordinatorParts;
  readonly clock: Clock;
  /** The chance that two tasks collide, by their ids; absent: claims alone decide. */
  readonly risk?: RiskEstimate;
  /** Absolute; the run's own directory is made in it. */
  readonly runsDir: string;
  /** What was asked for before there was a context. */
  readonly stopMode: StopMode | undefined;
}

/** Everything the steps of a run share, made from its log. */
export function createContext(request: CreateContextRequest): RunContext {
  const { log, parts, clock, risk, runsDir, stopMode } = request;
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
  const context: RunContext = {
    runId,
    parts,
    options,
    target: state.target,
    log,
    scheduler,
    clock,
    runDir: join(runsDir, runId),
    queue: new SerialQueue(),
    agents: new Map(),
    removals: new Removals(),
    wakeUp: new WakeUp(),
    startups: new Startups(),
    landTriedAt: Number.NEGATIVE_INFINITY,
    stopMode,
    landWarning: undefined,
    stopped: new AbortController(),
  };
  if (parts.observer) context.lookout = new Lookout(context, parts.observer);
  if (stopMode === 'now') context.stopped.abort();
  return context;
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
