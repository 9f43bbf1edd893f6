import { join } from 'node:path';
import type { AgentUsage, Clock, RunEvent, RunOptions } from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner/schedule';
import { Scheduler, schedulableTasks } from '@pwt/planner/schedule';
import { Breaker } from '../breaker/breaker.js';
import { Spending } from '../budget/spending.js';
import type { Experience } from '../experience/experience.js';
import type { Inbox } from '../inbox/message.js';
import { Agents } from '../run/agents.js';
import type { CoordinatorParts } from '../run/coordinator-parts.js';
import { Lookout } from '../run/lookout/lookout.js';
import { RadarWatch } from '../run/radar/radar-watch.js';
import { ReadyWorkspaces } from '../run/ready-workspaces.js';
import type { RunContext } from '../run/run-context.js';
import type { RunLog } from '../run/run-log.js';
import type { StopSignal } from '../run/stop-signal.js';

export interface CreateContextRequest {
  readonly log: RunLog;
  readonly parts: CoordinatorParts;
  readonly clock: Clock;
  readonly stop: StopSignal;
  /** The chance that two tasks collide, by their ids; absent: claims alone decide. */
  readonly risk?: RiskEstimate | undefined;
  readonly experience?: Experience | undefined;
  readonly inbox?: Inbox | undefined;
  /** No task goes on with another attempt, whatever the run's policy says. @default false */
  readonly isFinal?: boolean;
  /** The agents that can be started; absent: all that the launcher has. */
  readonly usableAgents?: readonly string[] | undefined;
  /** What was used today already; see {@link Spending}. */
  readonly usedToday?: AgentUsage;
  /** Absolute; the run's own directory is made in it. */
  readonly runsDir: string;
}

/** Everything the steps of a run share, made from its log. */
export function createContext(request: CreateContextRequest): RunContext {
  const { log, parts, clock, stop, risk, experience, inbox, runsDir, usableAgents } = request;
  const { usedToday = {} } = request;
  const { runId } = log;
  const { target } = log.run;
  const options = request.isFinal ? { ...log.run.options, retries: {} } : log.run.options;
  const scheduler = followLog(log, options, risk);
  const agents = new Agents();
  const ready = new ReadyWorkspaces({ runId, parts, log, agents });
  const shared = { runId, target, parts, log, clock, agents, ready };
  const lookout = parts.observer && new Lookout(shared, parts.observer);
  const radar = parts.radar && new RadarWatch({ log, clock, agents, options, scheduler }, parts.radar);
  const breaker = new Breaker({ log, clock, launcher: parts.launcher, usable: usableAgents, options });
  const spending = new Spending({ log, clock, budget: options.budget, usedToday });
  const own = { runDir: join(runsDir, runId), options, scheduler, stop, inbox, breaker, spending };
  return { ...shared, ...own, lookout, radar, experience };
}

/** A scheduler that follows the log: it gets all events that the log has, and each further one. */
function followLog(log: RunLog, options: RunOptions, risk: RiskEstimate | undefined): Scheduler {
  const { order } = log.state;
  const { separation, maxInstances } = options;
  const begin = (past: readonly RunEvent[]) => {
    const planned = past.filter((event) => event.type === 'task-planned');
    const tasks = schedulableTasks(
      planned.map(({ task }) => task),
      planned.map(({ claims }) => claims),
    );
    const scheduler = new Scheduler({ tasks, order, separation, maxInstances, ...(risk ? { risk } : {}) });
    for (const event of past) scheduler.apply(event);
    return scheduler;
  };
  return log.follow(begin);
}
