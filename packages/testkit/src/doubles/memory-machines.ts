import {
  type CollectOutcome,
  type CollectRequest,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  type MovedOnto,
  type MoveOntoRequest,
  type RemoveOutcome,
  type RemoveRequest,
  type ScratchWorkspaceRequest,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import type { MemoryRepository } from './memory-repository.js';
import { MemoryWorkspaceProvider } from './memory-workspace-provider.js';

/** The labels of machines, by name. */
export type Machines = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Workspaces on several machines, the first one that fits for each. A machine can be lost: its workspaces are made anew
 * elsewhere, with all that was in them, as soon as they are asked for; where no machine fits, that waits for one.
 */
export class MemoryMachines extends MemoryWorkspaceProvider {
  override readonly name: string = 'machines';
  readonly placesByLabels = true;
  readonly #machines: Map<string, Readonly<Record<string, string>>>;
  readonly #hosts = new Map<string, string>();
  readonly #wanted = new Map<string, CreateWorkspaceRequest['runsOn']>();
  #joined: (() => void)[] = [];

  constructor(repository: MemoryRepository, machines: Machines) {
    super(repository);
    this.#machines = new Map(Object.entries(machines));
  }

  /** Takes a machine away, with all that runs on it. */
  lose(machine: string): void {
    this.#machines.delete(machine);
  }

  join(machine: string, labels: Readonly<Record<string, string>> = {}): void {
    this.#machines.set(machine, labels);
    for (const go of this.#joined) go();
    this.#joined = [];
  }

  override async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    const created = await super.create(request);
    this.#wanted.set(created.workspace.id, request.runsOn);
    return { ...created, workspace: await this.#placed(created.workspace, request.abortSignal) };
  }

  override async prepare(request: CreateWorkspaceRequest): Promise<Workspace | undefined> {
    const wanted = this.#wanted.get(request.taskId) ?? request.runsOn;
    if (this.#fitting(wanted) === undefined) return undefined;
    const workspace = await super.prepare(request);
    return workspace && this.#asListed(workspace);
  }

  override async scratch(request: ScratchWorkspaceRequest): Promise<Workspace> {
    return this.#placed(await super.scratch(request), request.abortSignal);
  }

  override async list(request: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    return (await super.list(request)).map((workspace) => this.#asListed(workspace));
  }

  override async collect(request: CollectRequest): Promise<CollectOutcome> {
    const workspace = await this.#placed(request.workspace, request.abortSignal);
    return super.collect({ ...request, workspace });
  }

  override async moveOnto(request: MoveOntoRequest): Promise<MovedOnto> {
    const { workspace, outcome } = await super.moveOnto(request);
    return { workspace: await this.#placed(workspace, request.abortSignal), outcome };
  }

  override async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    return this.#unreachable(request) ?? super.remove(request);
  }

  override async foresee(request: RemoveRequest): Promise<RemoveOutcome> {
    return this.#unreachable(request) ?? super.foresee(request);
  }

  #unreachable({ workspace }: RemoveRequest): RemoveOutcome | undefined {
    const host = this.#hosts.get(workspace.id);
    if (host === undefined || this.#machines.has(host)) return undefined;
    return { status: 'kept', reason: 'in-use', message: `machine ${host} is not connected` };
  }

  /** With its machine; on another one, where that is lost. */
  async #placed(workspace: Workspace, abortSignal?: AbortSignal): Promise<Workspace> {
    for (;;) {
      throwIfAborted(abortSignal);
      const before = this.#hosts.get(workspace.id);
      const host =
        before !== undefined && this.#machines.has(before)
          ? before
          : this.#fitting(this.#wanted.get(workspace.id));
      if (host !== undefined) {
        this.#hosts.set(workspace.id, host);
        return this.#asListed(workspace);
      }
      await new Promise<void>((resolve) => {
        this.#joined.push(resolve);
        abortSignal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  #fitting(runsOn: CreateWorkspaceRequest['runsOn']): string | undefined {
    const wanted = Object.entries(runsOn ?? {});
    const fits = (labels: Readonly<Record<string, string>>) =>
      wanted.every(([name, value]) => labels[name] === value);
    return [...this.#machines].find(([, labels]) => fits(labels))?.[0];
  }

  #asListed(workspace: Workspace): Workspace {
    const host = this.#hosts.get(workspace.id);
    return host === undefined ? workspace : { ...workspace, path: `/machines/${host}/${workspace.id}`, host };
  }
}
