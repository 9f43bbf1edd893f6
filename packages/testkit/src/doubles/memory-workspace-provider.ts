import {
  type ChangedPath,
  type CollectRequest,
  type CollectResult,
  type CommitId,
  type CreateWorkspaceRequest,
  PwtError,
  type RemoveOutcome,
  type RemoveRequest,
  type Workspace,
  type WorkspaceProvider,
} from '@pwt/core';
import { compareFiles, type MemoryRepository } from './memory-repository.js';

interface Entry {
  readonly workspace: Workspace;
  head: CommitId;
  readonly files: Map<string, string>;
}

/** Workspaces that are maps of files; the same instance stands for the same disk, before and after a crash. */
export class MemoryWorkspaceProvider implements WorkspaceProvider {
  readonly name: string = 'memory';
  readonly #repository: MemoryRepository;
  readonly #entries = new Map<string, Entry>();
  #scratches = 0;

  constructor(repository: MemoryRepository) {
    this.#repository = repository;
  }

  /** The files of a workspace, to be read and changed like a disk. */
  files(workspace: Workspace): Map<string, string> {
    return this.#entry(workspace).files;
  }

  /** Commits everything in the workspace, like an agent would. */
  commit(workspace: Workspace, message = 'work'): CommitId {
    const entry = this.#entry(workspace);
    if (!this.#dirty(entry)) return entry.head;
    entry.head = this.#repository.commit(entry.files, [entry.head], message);
    return entry.head;
  }

  /** Goes to another commit, files and all, like `git reset --hard`. */
  reset(workspace: Workspace, commit: CommitId): void {
    const entry = this.#entry(workspace);
    entry.head = commit;
    entry.files.clear();
    for (const [path, text] of this.#repository.read(commit).files) entry.files.set(path, text);
  }

  async create(request: CreateWorkspaceRequest): Promise<Workspace> {
    const { runId, taskId, base } = request;
    const known = this.#entries.get(taskId);
    if (known?.workspace.runId === runId) return known.workspace;
    if (known) {
      throw new PwtError(
        'PWT_WORKTREE_EXISTS',
        `Task ${taskId} has a workspace of run ${known.workspace.runId}.`,
      );
    }
    return this.#make({
      id: taskId,
      provider: this.name,
      kind: 'task',
      runId,
      taskId,
      path: `/memory/${taskId}`,
      branch: `feature/${taskId}`,
      base,
    });
  }

  async scratch(request: { readonly runId: string; readonly commit: CommitId }): Promise<Workspace> {
    this.#scratches += 1;
    const id = `scratch-${this.#scratches}`;
    const { runId, commit: base } = request;
    return this.#make({ id, provider: this.name, kind: 'scratch', runId, path: `/memory/${id}`, base });
  }

  async list(request: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    return [...this.#entries.values()]
      .map((entry) => entry.workspace)
      .filter((workspace) => request.runId === undefined || workspace.runId === request.runId);
  }

  async collect(request: CollectRequest): Promise<CollectResult> {
    const { workspace, message } = request;
    const committedLeftovers = this.#dirty(this.#entry(workspace));
    const commit = this.commit(workspace, message);
    return { commit, committedLeftovers, changes: await this.changes(workspace) };
  }

  async changes(workspace: Workspace): Promise<readonly ChangedPath[]> {
    const { head, files } = this.#entry(workspace);
    const from = this.#repository.mergeBase(workspace.base, head) ?? workspace.base;
    return compareFiles(this.#repository.read(from).files, files);
  }

  async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    const { workspace, containedIn, force = [] } = request;
    const entry = this.#entries.get(workspace.id);
    if (!entry) return { status: 'gone' };
    if (entry.workspace.runId !== workspace.runId) {
      return { status: 'kept', reason: 'not-ours', message: `It belongs to run ${entry.workspace.runId}.` };
    }
    if (this.#dirty(entry) && !force.includes('dirty')) {
      return { status: 'kept', reason: 'dirty', message: 'It holds uncommitted work.' };
    }
    const merged = containedIn !== undefined && this.#repository.contains(entry.head, containedIn);
    if (!merged && !force.includes('unmerged')) {
      return {
        status: 'kept',
        reason: 'unmerged',
        message: 'Its commits are not contained in the given commit.',
      };
    }
    this.#entries.delete(workspace.id);
    return { status: 'removed' };
  }

  #make(workspace: Workspace): Workspace {
    const files = new Map(this.#repository.read(workspace.base).files);
    this.#entries.set(workspace.id, { workspace, head: workspace.base, files });
    return workspace;
  }

  #dirty(entry: Entry): boolean {
    return compareFiles(this.#repository.read(entry.head).files, entry.files).length > 0;
  }

  #entry(workspace: Workspace): Entry {
    const entry = this.#entries.get(workspace.id);
    if (!entry) throw new PwtError('PWT_WORKTREE_BROKEN', `There is no workspace ${workspace.id}.`);
    return entry;
  }
}
