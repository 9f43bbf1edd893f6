import type { CommitId, CreatedWorkspace, CreateWorkspaceRequest } from '@pwt/core';
import type { Agents } from './agents.js';
import type { CoordinatorParts } from './coordinator-parts.js';
import type { RunLog } from './run-log.js';
import { workspaceRequest } from './workspace-request.js';

export interface ReadyWorkspacesOptions {
  readonly runId: string;
  readonly parts: Pick<CoordinatorParts, 'provider'>;
  readonly log: Pick<RunLog, 'run' | 'task'>;
  readonly agents: Pick<Agents, 'startups'>;
}

/**
 * Keeps the workspaces of the next tasks ready while agents work, so that a free slot does not wait for a checkout. They are
 * at the tip of the integration ref, and are moved when it moves. One is made or moved at a time, and none while an agent is
 * being started.
 *
 * It is a convenience that a task can do without: what goes wrong here is not reported and not tried again, because the
 * task's own step makes the workspace and reports what goes wrong.
 */
export class ReadyWorkspaces {
  readonly #options: ReadyWorkspacesOptions;
  /** The base of each one that is ready, by task. */
  readonly #bases = new Map<string, CommitId>();
  /** Tasks for which it did not work. */
  readonly #failed = new Set<string>();
  /** Those that are being handed over, until the task's own step asks for them. */
  readonly #taken = new Map<string, Promise<CreatedWorkspace>>();
  readonly #branches = new Set<string>();
  #choose: () => readonly string[] = () => [];
  #current: { readonly taskId: string; readonly base: CommitId; readonly abort: AbortController } | undefined;
  #work: Promise<void> | undefined;

  constructor(options: ReadyWorkspacesOptions) {
    this.#options = options;
  }

  /** The branches of workspaces that are kept ready, or were: they are of this run. */
  get branches(): Iterable<string> {
    return this.#branches;
  }

  /** True while one is being made: its branch may be there, and is not among {@link branches} yet. */
  get isMaking(): boolean {
    return this.#current !== undefined;
  }

  /** Learns what an earlier process of the run has made ready. Prepared once more, it is used; otherwise it goes at the end. */
  async recall(): Promise<void> {
    const { parts, runId } = this.#options;
    if (parts.provider.prepare === undefined) return;
    const found = await parts.provider.list({ runId });
    for (const { kind, branch } of found)
      if (kind === 'scratch' && branch !== undefined) this.#branches.add(branch);
  }

  /**
   * Something has changed: makes ready what is missing, and moves what is at another base. Does not wait for it.
   *
   * @param choose the tasks that are next, the first one first; asked again before each of them
   */
  update(choose: () => readonly string[]): void {
    this.#choose = choose;
    if (this.#options.parts.provider.prepare === undefined) return;
    this.#work ??= this.#makeAll().finally(() => {
      this.#work = undefined;
    });
  }

  /** The task is being dispatched: what is ready for it is looked at while that becomes durable. */
  take(request: CreateWorkspaceRequest & { readonly recorded: Promise<void> }): void {
    const { taskId, base } = request;
    if (this.#bases.get(taskId) !== base) return;
    const created = this.#options.parts.provider.create(request);
    // The task's step reports what goes wrong.
    created.catch(() => undefined);
    this.#taken.set(taskId, created);
  }

  /**
   * The task gets its workspace now. What is being made for it at another base is given up.
   *
   * @returns its workspace, if that was ready
   */
  handOver(taskId: string, base: CommitId): Promise<CreatedWorkspace> | undefined {
    const taken = this.#taken.get(taskId);
    this.#taken.delete(taskId);
    this.#bases.delete(taskId);
    if (this.#current?.taskId === taskId && this.#current.base !== base) this.#current.abort.abort();
    return taken;
  }

  /** Nothing more is made ready. Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#choose = () => [];
    this.#current?.abort.abort();
    await this.#work;
    await Promise.allSettled(this.#taken.values());
  }

  async #makeAll(): Promise<void> {
    for (;;) {
      await this.#options.agents.startups.quiet();
      const taskId = this.#next();
      if (taskId === undefined) return;
      await this.#make(taskId);
    }
  }

  #next(): string | undefined {
    const { integration } = this.#options.log.run;
    return this.#choose().find((id) => this.#isMissing(id, integration));
  }

  /** A task that goes on has its workspace. */
  #isMissing(taskId: string, base: CommitId): boolean {
    if (this.#failed.has(taskId) || this.#options.log.task(taskId).continues !== undefined) return false;
    return this.#bases.get(taskId) !== base;
  }

  async #make(taskId: string): Promise<void> {
    const { parts, log, runId } = this.#options;
    const { task } = log.task(taskId);
    const base = log.run.integration;
    const abort = new AbortController();
    this.#current = { taskId, base, abort };
    const request = { ...workspaceRequest(runId, task, base), abortSignal: abort.signal };
    try {
      const workspace = await parts.provider.prepare?.(request);
      if (workspace === undefined) this.#failed.add(taskId);
      else this.#bases.set(taskId, base);
      if (workspace?.branch !== undefined) this.#branches.add(workspace.branch);
    } catch {
      this.#failed.add(taskId);
    } finally {
      this.#current = undefined;
    }
  }
}
