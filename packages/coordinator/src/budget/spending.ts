import {
  type AgentUsage,
  type Budget,
  type Clock,
  type ReachedCap,
  type RunState,
  reachedCap,
  runUsage,
  sumOfUsage,
  type TaskState,
  taskUsage,
} from '@pwt/core';
import { difference, startOfDay } from './day-use.js';

export interface SpendingOptions {
  readonly log: { readonly state: RunState; task(taskId: string): TaskState };
  readonly clock: Clock;
  readonly budget: Budget | undefined;
  /** What was used on this day when the run was opened: by other runs, and by earlier processes of this one. */
  readonly usedToday: AgentUsage;
}

/** What a run has used, by its log, and the caps on it. */
export class Spending {
  readonly #options: SpendingOptions;
  #day: number;
  /** What was used on this day before the run had used `#since` in all. */
  #before: AgentUsage;
  #since: AgentUsage;

  constructor(options: SpendingOptions) {
    const { log, clock, usedToday } = options;
    this.#options = options;
    this.#day = startOfDay(clock.now());
    this.#before = usedToday;
    this.#since = runUsage(log.state);
  }

  /** What becomes of agents that run when a cap is reached. */
  get onCap(): Budget['onCap'] {
    return this.#options.budget?.onCap ?? 'finish';
  }

  /** The cap of the run or of the day that is reached. */
  get reached(): ReachedCap | undefined {
    const { budget, log } = this.#options;
    if (budget?.run === undefined && budget?.day === undefined) return undefined;
    const used = runUsage(log.state);
    return (
      reachedCap({ scope: 'run', cap: budget.run }, used) ??
      reachedCap({ scope: 'day', cap: budget.day }, this.#today(used))
    );
  }

  /** The cap of a task that is reached by it. */
  reachedBy(taskId: string): ReachedCap | undefined {
    const { budget, log } = this.#options;
    if (budget?.task === undefined) return undefined;
    return reachedCap({ scope: 'task', cap: budget.task }, taskUsage(log.task(taskId)));
  }

  #today(used: AgentUsage): AgentUsage {
    const day = startOfDay(this.#options.clock.now());
    if (day !== this.#day) {
      this.#day = day;
      this.#before = {};
      this.#since = used;
    }
    return sumOfUsage([this.#before, difference(used, this.#since)]);
  }
}
