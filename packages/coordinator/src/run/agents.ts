import type { AgentRun } from '@pwt/core';
import { Startups } from './startups.js';

/** An agent that this process watches. */
export interface WatchedAgent {
  readonly run: AgentRun;
  /** True if it was started by an earlier process of the same run. */
  readonly adopted: boolean;
}

/** The agents that this process starts and watches, by task. */
export class Agents {
  /** Tasks whose agents are being started; jobs that can wait let them go first. */
  readonly startups: Startups = new Startups();
  readonly #watched = new Map<string, WatchedAgent>();
  readonly #activeAt = new Map<string, number>();

  /** The tasks whose agents run. */
  get taskIds(): readonly string[] {
    return [...this.#watched.keys()];
  }

  get(taskId: string): WatchedAgent | undefined {
    return this.#watched.get(taskId);
  }

  add(taskId: string, agent: WatchedAgent): void {
    this.#watched.set(taskId, agent);
  }

  /** The agent of the task has said something. */
  sawActivity(taskId: string, at: number): void {
    this.#activeAt.set(taskId, at);
  }

  /** When an agent that is watched has last said something; `undefined` if it has not. */
  lastActivityAt(taskId: string): number | undefined {
    return this.#activeAt.get(taskId);
  }

  remove(taskId: string): void {
    this.#activeAt.delete(taskId);
    this.#watched.delete(taskId);
  }

  /** Resolves when all agents have been told to stop. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ run }) => run.stop()));
  }
}
