import { landedAs } from '@pwt/core';
import { removeWorkspace, tidyUp } from '../pipeline/clean-up.js';
import type { RunContext } from '../run/run-context.js';
import { AT_THE_END, Removals } from './removals.js';

/** `undefined`: the one this process is on. */
type Machine = string | undefined;

/**
 * Removes the workspaces of tasks that have landed. The provider checks that itself before it removes one. Each machine has a
 * queue of its own: a slow one holds up no other.
 */
export class LandedWorkspaces {
  readonly #context: RunContext;
  readonly #queues = new Map<Machine, Removals>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** These tasks have just landed. */
  add(taskIds: readonly string[]): void {
    for (const [machine, ids] of this.#byMachine(taskIds)) this.#queueOf(machine).add(ids);
  }

  /**
   * Removes the workspaces in the queues, side by side where nothing else is left to do. Agents that are being started here go
   * before workspaces here, as long as the queue is short.
   */
  async remove(): Promise<void> {
    const lane = async (machine: Machine) => {
      while (await this.#removeNext(machine));
    };
    const machines = [...this.#queues.keys()];
    await Promise.all(machines.flatMap((machine) => Array.from({ length: AT_THE_END }, () => lane(machine))));
  }

  /** Makes room in the queues for these tasks, too: removes workspaces until they are short enough. */
  async makeRoom(taskIds: readonly string[]): Promise<void> {
    const groups = [...this.#byMachine(taskIds)];
    await Promise.all(
      groups.map(([machine, { length }]) =>
        this.#queueOf(machine).roomFor(length, () => this.#removeNext(machine)),
      ),
    );
  }

  /** Removes the workspaces of all tasks that have landed, also one that could not be removed the first time. */
  async removeAll(): Promise<void> {
    for (const queue of this.#queues.values()) queue.clear();
    const taskIds = this.#context.log.state.tasks.keys();
    const lane = async () => {
      for (const taskId of taskIds) await this.#removeIfLanded(taskId);
    };
    await Promise.all(Array.from({ length: AT_THE_END }, lane));
  }

  /** False if there is none to remove, or enough removals are under way. */
  async #removeNext(machine: Machine): Promise<boolean> {
    const { agents, scheduler } = this.#context;
    const isEnding = agents.taskIds.length === 0 && scheduler.waitingCount === 0;
    const queue = this.#queueOf(machine);
    const taskId = queue.take({ isEnding });
    if (taskId === undefined) return false;
    try {
      if (machine === undefined) await queue.turn(agents.startups.quiet());
      await this.#removeIfLanded(taskId);
    } finally {
      queue.done();
    }
    return true;
  }

  #queueOf(machine: Machine): Removals {
    const queue = this.#queues.get(machine) ?? new Removals();
    this.#queues.set(machine, queue);
    return queue;
  }

  #byMachine(taskIds: readonly string[]): ReadonlyMap<Machine, readonly string[]> {
    const found = new Map<Machine, string[]>();
    for (const taskId of taskIds) {
      const machine = this.#context.log.task(taskId).workspace?.host;
      found.set(machine, [...(found.get(machine) ?? []), taskId]);
    }
    return found;
  }

  async #removeIfLanded(taskId: string): Promise<void> {
    const context = this.#context;
    const task = context.log.task(taskId);
    if (task.outcome !== 'landed' || task.workspaceGone) return;
    const { landedTip: containedIn } = context.log.run;
    await tidyUp(context, async () => {
      await removeWorkspace(context, taskId, task.workspace, {
        containedIn,
        landedAs: landedAs(task, context.options),
      });
    });
  }
}
