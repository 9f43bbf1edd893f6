import {
  type ChangedPath,
  type CollectOutcome,
  type CollectRequest,
  type CommitId,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  type ExpireRequest,
  type Expiry,
  type Finding,
  type MovedOnto,
  type MovedWorkspace,
  type MoveOntoRequest,
  PwtError,
  type RemoveOutcome,
  type RemoveRequest,
  type ScratchWorkspaceRequest,
  type Snapshot,
  type SnapshotRequest,
  throwIfAborted,
  type Workspace,
  type WorkspaceProvider,
} from '@pwt/core';
import { compareFiles, type MemoryRepository } from './memory-repository.js';

const SNAPSHOT = /^refs\/pwt\/([^/]+)\/snapshots\/([^/]+)\//;

interface Entry {
  workspace: Workspace;
  /** Kept ready for its task, which has not got it. */
  readonly ready?: boolean;
  head: CommitId;
  readonly files: Map<string, string>;
  /** A merge that was left for somebody to finish. */
  merging?: { readonly onto: CommitId; readonly paths: readonly string[]; isUnderWay: boolean } | undefined;
}

/** Workspaces that are maps of files; the same instance stands for the same disk, before and after a crash. */
export class MemoryWorkspaceProvider implements WorkspaceProvider {
  readonly name: string = 'memory';
  readonly #repository: MemoryRepository;
  readonly #entries = new Map<string, Entry>();
  readonly #listed = new Set<string>();
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
    const { merging } = entry;
    const merged = merging?.isUnderWay ? [merging.onto] : [];
    if (merged.length === 0 && !this.#dirty(entry)) return entry.head;
    entry.head = this.#repository.commit(entry.files, [entry.head, ...merged], message);
    if (merging !== undefined) merging.isUnderWay = false;
    return entry.head;
  }

  /** Gives up the merge that was left in the workspace, like `git merge --abort`. */
  abortMerge(workspace: Workspace): void {
    const entry = this.#entry(workspace);
    entry.merging = undefined;
    this.reset(workspace, entry.head);
  }

  /** Goes to another commit, files and all, like `git reset --hard`. */
  reset(workspace: Workspace, commit: CommitId): void {
    const entry = this.#entry(workspace);
    entry.head = commit;
    entry.files.clear();
    for (const [path, text] of this.#repository.read(commit).files) entry.files.set(path, text);
  }

  async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    throwIfAborted(request.abortSignal);
    await request.recorded;
    const { runId, taskId, base } = request;
    const known = this.#entries.get(taskId);
    if (known?.ready && known.workspace.runId === runId) this.#drop(known);
    else if (known?.workspace.runId === runId) return { workspace: known.workspace };
    else if (known) {
      throw new PwtError(
        'PWT_WORKTREE_EXISTS',
        `Task ${taskId} has a workspace of run ${known.workspace.runId}.`,
      );
    }
    const workspace = this.#make({
      id: taskId,
      provider: this.name,
      kind: 'task',
      runId,
      taskId,
      path: `/memory/${taskId}`,
      branch: `feature/${taskId}`,
      base,
    });
    return { workspace };
  }

  /** Handing one over makes it anew: here, both cost the same. */
  async prepare(request: CreateWorkspaceRequest): Promise<Workspace | undefined> {
    throwIfAborted(request.abortSignal);
    const known = this.#entries.get(request.taskId);
    if (known?.ready && known.workspace.runId === request.runId) this.#drop(known);
    else if (known?.workspace.runId === request.runId) return undefined;
    const { workspace } = await this.create(request);
    this.#entries.set(workspace.id, { ...this.#entry(workspace), ready: true });
    return asListed(workspace);
  }

  async close({ runId }: { readonly runId: string }): Promise<void> {
    const all = [...this.#entries.values()];
    for (const entry of all) if (entry.ready && entry.workspace.runId === runId) this.#drop(entry);
  }

  async scratch(request: ScratchWorkspaceRequest): Promise<Workspace> {
    throwIfAborted(request.abortSignal);
    this.#scratches += 1;
    const id = `scratch-${this.#scratches}`;
    const { runId, commit: base } = request;
    return this.#make({ id, provider: this.name, kind: 'scratch', runId, path: `/memory/${id}`, base });
  }

  async list(request: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    return [...this.#entries.values()]
      .map(({ ready, workspace }) => (ready ? asListed(workspace) : workspace))
      .filter((workspace) => request.runId === undefined || workspace.runId === request.runId);
  }

  async collect(request: CollectRequest): Promise<CollectOutcome> {
    throwIfAborted(request.abortSignal);
    const { workspace, message } = request;
    const entry = this.#entry(workspace);
    const unresolved = unresolvedIn(entry);
    if (unresolved.length > 0) return { status: 'held', findings: [unfinished(entry, unresolved)] };
    const committedLeftovers = this.#dirty(entry) || entry.merging?.isUnderWay === true;
    entry.merging = entry.merging?.isUnderWay ? entry.merging : undefined;
    const commit = this.commit(workspace, message);
    return { status: 'collected', commit, committedLeftovers, changes: await this.changes(workspace) };
  }

  async moveOnto(request: MoveOntoRequest): Promise<MovedOnto> {
    throwIfAborted(request.abortSignal);
    const { onto, message, lists } = request;
    const entry = this.#entry(request.workspace);
    const paths = unresolvedIn(entry).map((path) => ({ path }));
    if (entry.merging !== undefined && paths.length > 0) {
      return moved(entry, { status: 'conflicted', onto: entry.merging.onto, paths });
    }
    this.commit(entry.workspace, message);
    entry.merging = undefined;
    if (this.#repository.contains(onto, entry.head)) return moved(entry, { status: 'merged', onto });
    if (this.#repository.mergeBase(entry.head, onto) === undefined) {
      return moved(entry, { status: 'kept', reason: 'it has no history in common' });
    }
    const { files, conflicts } = this.#repository.merge(entry.head, onto, undefined, lists);
    const [ours, theirs] = [entry.head, onto].map((commit) => this.#repository.read(commit).files);
    entry.files.clear();
    for (const [path, text] of files) entry.files.set(path, text);
    for (const path of conflicts) entry.files.set(path, marked(ours?.get(path), theirs?.get(path)));
    entry.merging = { onto, paths: conflicts, isUnderWay: true };
    if (conflicts.length > 0) {
      return moved(entry, { status: 'conflicted', onto, paths: conflicts.map((path) => ({ path })) });
    }
    this.commit(entry.workspace, 'merge');
    entry.merging = undefined;
    return moved(entry, { status: 'merged', onto });
  }

  async changes(workspace: Workspace): Promise<readonly ChangedPath[]> {
    const { head, files } = this.#entry(workspace);
    const from = this.#repository.mergeBase(workspace.base, head) ?? workspace.base;
    return compareFiles(this.#repository.read(from).files, files);
  }

  async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    const { workspace } = request;
    const entry = this.#entries.get(workspace.id);
    if (!entry) return { status: 'gone' };
    const kept = this.#reasonToKeep(entry, request);
    if (kept) return kept;
    const isSafe = !this.#dirty(entry) && this.#isMerged(entry, request);
    const snapshot = isSafe || workspace.kind === 'scratch' ? undefined : this.#keep(entry);
    this.#entries.delete(workspace.id);
    return { status: 'removed', ...(snapshot && { snapshot }) };
  }

  async foresee(request: RemoveRequest): Promise<RemoveOutcome> {
    const entry = this.#entries.get(request.workspace.id);
    return entry ? (this.#reasonToKeep(entry, request) ?? { status: 'removed' }) : { status: 'gone' };
  }

  async snapshot({ workspace }: SnapshotRequest): Promise<Snapshot | undefined> {
    const entry = this.#entries.get(workspace.id);
    return entry && this.#dirty(entry) ? this.#keep(entry) : undefined;
  }

  /** Everything is as old as it needs to be. */
  async expire({
    olderThanDays,
    containedIn = {},
    dryRun = false,
  }: ExpireRequest): Promise<readonly Expiry[]> {
    const refs = [...this.#repository.refs].filter(([ref]) => SNAPSHOT.test(ref));
    return refs.map(([ref, commit]): Expiry => {
      const [, runId = '', taskId = ''] = SNAPSHOT.exec(ref) ?? [];
      const about = { kind: 'snapshot', name: ref, runId, taskId, since: 0 } as const;
      const target = containedIn[runId];
      const isSafe = target !== undefined && this.#repository.contains(commit, target);
      const isDue = isSafe || (olderThanDays === 0 && this.#listed.has(ref));
      if (!dryRun) this.#listed.add(ref);
      if (!isDue) return { ...about, status: 'listed', deletableFrom: olderThanDays };
      if (!dryRun) this.#repository.refs.delete(ref);
      return { ...about, status: 'deleted' };
    });
  }

  #reasonToKeep(
    entry: Entry,
    request: RemoveRequest,
  ): Extract<RemoveOutcome, { status: 'kept' }> | undefined {
    const { workspace, force = [] } = request;
    if (entry.workspace.runId !== workspace.runId) {
      return { status: 'kept', reason: 'not-ours', message: `It belongs to run ${entry.workspace.runId}.` };
    }
    if (this.#dirty(entry) && !force.includes('dirty'))
      return { status: 'kept', reason: 'dirty', message: 'It holds uncommitted work.' };
    if (this.#isMerged(entry, request) || force.includes('unmerged')) return undefined;
    const message = 'Its commits are not contained in the given commit.';
    return { status: 'kept', reason: 'unmerged', message };
  }

  #isMerged({ head }: Entry, { containedIn, landedAs }: RemoveRequest): boolean {
    const repository = this.#repository;
    if (containedIn === undefined) return false;
    if (repository.contains(head, containedIn)) return true;
    if (landedAs === undefined || !repository.contains(head, landedAs.commit)) return false;
    const { files, parents } = repository.read(landedAs.as);
    if (!repository.contains(landedAs.as, containedIn)) return false;
    const joined = repository.merge(parents[0] ?? landedAs.as, landedAs.commit);
    const { marked } = landedAs;
    const own = compareFiles(repository.read(parents[0] ?? landedAs.as).files, joined.files);
    const isMark = (path: string) =>
      marked !== undefined && (marked.includes(path) || !own.some((change) => change.path === path));
    return (
      joined.conflicts.length === 0 && compareFiles(joined.files, files).every(({ path }) => isMark(path))
    );
  }

  /** The files as a commit on top of what was committed; the same state is kept once. */
  #keep({ workspace, head, files }: Entry): Snapshot {
    const folder = `refs/pwt/${workspace.runId}/snapshots/${workspace.taskId ?? workspace.id}/`;
    const known = [...this.#repository.refs].filter(([ref]) => ref.startsWith(folder));
    for (const [ref, commit] of known) {
      const kept = this.#repository.read(commit);
      if (kept.parents[0] === head && compareFiles(kept.files, files).length === 0) return { ref, commit };
    }
    const ref = `${folder}${known.length + 1}`;
    const commit = this.#repository.commit(files, [head], 'snapshot');
    this.#repository.refs.set(ref, commit);
    return { ref, commit };
  }

  /** Removes one that no task got; what others have changed in it is kept. */
  #drop(entry: Entry): void {
    if (this.#dirty(entry)) this.#keep(entry);
    this.#entries.delete(entry.workspace.id);
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

/** Git's own way to show two versions. */
function marked(ours = '', theirs = ''): string {
  return `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`;
}

function unresolvedIn({ merging, files }: Entry): string[] {
  return merging?.paths.filter((path) => files.get(path)?.includes('<<<<<<< ours\n')) ?? [];
}

function unfinished({ workspace, merging }: Entry, paths: readonly string[]): Finding {
  return {
    kind: 'merge',
    severity: 'error',
    taskIds: workspace.taskId === undefined ? [] : [workspace.taskId],
    message: `The merge of ${merging?.onto} is not finished: ${paths.join(', ')}.`,
    subjects: paths,
  };
}

function moved(entry: Entry, outcome: MovedWorkspace): MovedOnto {
  if (outcome.status !== 'kept') entry.workspace = { ...entry.workspace, base: outcome.onto };
  return { workspace: entry.workspace, outcome };
}

function asListed({ taskId, ...workspace }: Workspace): Workspace {
  return { ...workspace, kind: 'scratch' };
}
