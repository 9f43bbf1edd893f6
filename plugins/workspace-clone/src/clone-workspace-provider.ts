import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import {
  type ChangedPath,
  type CollectOutcome,
  type CollectRequest,
  type CommitId,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  type ExpireRequest,
  type Expiry,
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
import {
  changedFiles,
  changedSince,
  commitAll,
  type Environment,
  fallbackIdentity,
  Git,
  type Identity,
  isAncestor,
  KeyedMutex,
  mergeBaseTree,
  readIdentity,
  readOperationState,
  resolveCommit,
  toChangedPath,
  writeWorktreeTree,
} from '@pwt/git';
import { cloneAt, fetchCommit, requireFree } from './clone.js';
import { CloneTrash } from './clone-trash.js';
import { expire } from './expiry.js';
import { leftOut, repositoriesIn } from './nested.js';
import { isClone, isDirty, openClone } from './open-clone.js';
import { CloneRecords } from './records.js';
import { rescue, type Tip, tipsOf } from './rescue.js';
import { fetchSubmodules, secureSubmodules } from './submodules.js';

type Examined =
  | RemoveOutcome
  | {
      readonly status: 'removable';
      readonly known: Workspace;
      readonly clone: Git;
      readonly loose: readonly Tip[];
    };

export interface CloneWorkspaceProviderOptions {
  /** The top level of the user's checkout. Absolute. */
  readonly projectRoot: string;
  /** Where pwt keeps its state for the repository. Absolute. */
  readonly stateDir: string;
  readonly env: Environment;
  /** Where clones go, relative to the checkout. @default '..' */
  readonly directory?: string;
}

/**
 * Gives each task a local clone: a repository of its own, for tools that break in linked worktrees. The
 * work comes home as objects, under `refs/pwt/<run>/clones/<task>`.
 */
export class CloneWorkspaceProvider implements WorkspaceProvider {
  readonly name = 'workspace-clone';
  readonly #project: Git;
  readonly #root: string;
  readonly #directory: string;
  readonly #mirrors: string;
  readonly #records: CloneRecords;
  readonly #trash: CloneTrash;
  readonly #listedFile: string;
  readonly #mutex: KeyedMutex = new KeyedMutex();

  /** @throws PwtError `PWT_PLUGIN_OPTIONS` if clones would lie inside the checkout */
  constructor(options: CloneWorkspaceProviderOptions) {
    this.#root = options.projectRoot;
    this.#directory = resolve(options.projectRoot, options.directory ?? '..');
    if (!relative(this.#root, this.#directory).startsWith('..')) {
      throw new PwtError('PWT_PLUGIN_OPTIONS', `Clones must lie outside of ${this.#root}.`, {
        hint: 'Set "directory" to a folder beside the checkout, such as "..".',
      });
    }
    this.#project = new Git({ cwd: options.projectRoot, env: options.env });
    this.#records = new CloneRecords(join(options.stateDir, 'clones'));
    this.#mirrors = join(options.stateDir, 'clones-mirrors');
    this.#trash = new CloneTrash(join(options.stateDir, 'clones-trash'));
    this.#listedFile = join(options.stateDir, 'clones-listed.json');
  }

  async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    throwIfAborted(request.abortSignal);
    const { runId, taskId, base } = request;
    const path = join(this.#directory, `${basename(this.#root)}-clone-${taskId}`);
    return this.#mutex.run(taskId, async () => {
      const known = await this.#records.read(taskId);
      if (known?.runId === runId && existsSync(known.path)) return { workspace: known };
      await requireFree(path);
      const branch = `pwt/${taskId}`;
      const workspace: Workspace = {
        ...{ id: taskId, provider: this.name, kind: 'task', runId, taskId, path, branch, base },
      };
      await this.#records.write(workspace);
      await this.#clone(workspace);
      return { workspace };
    });
  }

  async scratch(request: ScratchWorkspaceRequest): Promise<Workspace> {
    throwIfAborted(request.abortSignal);
    const { runId, commit } = request;
    const id = `scratch-${commit.slice(0, 16)}-${process.hrtime.bigint().toString(36)}`;
    const path = join(this.#directory, `${basename(this.#root)}-${id}`);
    const workspace: Workspace = { id, provider: this.name, kind: 'scratch', runId, path, base: commit };
    await this.#records.write(workspace);
    await this.#clone(workspace);
    return workspace;
  }

  async list(request: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    const all = await this.#records.list();
    return all.filter(
      (workspace) =>
        existsSync(workspace.path) && (request.runId === undefined || workspace.runId === request.runId),
    );
  }

  async collect(request: CollectRequest): Promise<CollectOutcome> {
    throwIfAborted(request.abortSignal);
    const { workspace, message } = request;
    const clone = await this.#open(workspace);
    const { operation } = await readOperationState(clone);
    if (operation !== null) {
      throw new PwtError('PWT_WORKTREE_BUSY', `${workspace.path} is in the middle of a ${operation}.`, {
        hint: 'Nothing was touched: finish or abort it there, then run: pwt resume',
      });
    }
    const identity = await identityOf(clone);
    const nested = await repositoriesIn(clone);
    const outcome = await commitAll(clone, {
      ...{ message, author: identity, committer: identity },
      exclude: nested,
    });
    const { commit } = outcome;
    await fetchCommit(this.#project, { path: workspace.path, commit, ref: refOf(workspace) });
    const changes = await changedSince(clone, { base: workspace.base, commit });
    const findings = [
      ...nested.map((path) => leftOut(workspace, path)),
      ...(changes.some(({ newMode }) => newMode === '160000')
        ? await fetchSubmodules(this.#project, workspace, commit)
        : []),
    ];
    if (findings.some(({ severity }) => severity === 'error')) return { status: 'held', findings };
    return {
      ...{ status: 'collected', commit, changes: changes.map(toChangedPath) },
      committedLeftovers: outcome.status === 'committed',
      ...(findings.length > 0 && { findings }),
    };
  }

  async changes(workspace: Workspace): Promise<readonly ChangedPath[]> {
    const clone = await this.#open(workspace);
    const { base } = workspace;
    const tree = await writeWorktreeTree(clone, { exclude: await repositoriesIn(clone) });
    const head = await resolveCommit(clone, 'HEAD');
    const from = head === null ? null : await mergeBaseTree(clone, base, head);
    return (await changedFiles(clone, { from: from ?? base, to: tree })).map(toChangedPath);
  }

  async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    const found = await this.#examine(request);
    if (found.status !== 'removable') return found;
    const { known, clone, loose } = found;
    if (known.kind === 'task') {
      const [unsafe] = await secureSubmodules(this.#project, known);
      if (unsafe) {
        const message = `${known.path} holds the commit ${unsafe.commit} of the submodule ${unsafe.name}: ${unsafe.reason}.`;
        return { status: 'kept', reason: 'unmerged', message };
      }
    }
    const rescued =
      known.kind === 'task'
        ? await this.#rescue(clone, known, request.reason ?? 'before removal', loose)
        : undefined;
    if (known.kind === 'task') await this.#trash.takeIgnored(clone, known.id);
    await rm(known.path, { recursive: true, force: true });
    await this.#records.delete(known.id);
    return { status: 'removed', ...(rescued && { snapshot: rescued }) };
  }

  async foresee(request: RemoveRequest): Promise<RemoveOutcome> {
    const found = await this.#examine(request);
    return found.status === 'removable' ? { status: 'removed' } : found;
  }

  async snapshot({ workspace, reason }: SnapshotRequest): Promise<Snapshot | undefined> {
    const known = await this.#records.read(workspace.id);
    if (known === undefined || known.kind !== 'task' || !existsSync(known.path)) return undefined;
    return this.#rescue(await this.#open(known), known, reason, []);
  }

  async expire(request: ExpireRequest): Promise<readonly Expiry[]> {
    return expire(this.#project, this.#trash, this.#listedFile, request);
  }

  #rescue(clone: Git, workspace: Workspace, reason: string, tips: readonly Tip[]) {
    return rescue({ project: this.#project, clone, workspace, reason, tips });
  }

  /** The rule by which a clone may be removed, or is kept. */
  async #examine({ workspace, containedIn, force = [] }: RemoveRequest): Promise<Examined> {
    const known = await this.#records.read(workspace.id);
    if (!known || !existsSync(known.path)) {
      await this.#records.delete(workspace.id);
      return { status: 'gone' };
    }
    if (known.runId !== workspace.runId || known.path !== workspace.path) {
      return { status: 'kept', reason: 'not-ours', message: `${known.path} belongs to run ${known.runId}.` };
    }
    const clone = await this.#open(known);
    if (!force.includes('dirty') && (await isDirty(clone))) {
      return { status: 'kept', reason: 'dirty', message: `${known.path} holds uncommitted work.` };
    }
    const loose = await this.#looseTips(clone, containedIn);
    const [first] = loose;
    if (first && !force.includes('unmerged')) {
      const message = `${known.path} holds ${first.name}, which is nowhere else.`;
      return { status: 'kept', reason: 'unmerged', message };
    }
    return { status: 'removable', known, clone, loose };
  }

  async #clone(workspace: Workspace): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const { path, branch, base: commit, runId } = workspace;
    const request = { projectRoot: this.#root, path, commit, runId, ...(branch && { branch }) };
    await cloneAt(this.#project, request);
  }

  /** What names commits in a clone that are not contained in the given commit. */
  async #looseTips(clone: Git, containedIn: CommitId | undefined): Promise<readonly Tip[]> {
    const loose: Tip[] = [];
    for (const tip of await tipsOf(clone)) {
      if (!(await this.#isContained(tip.commit, containedIn))) loose.push(tip);
    }
    return loose;
  }

  /** A commit that the project does not even have is certainly not contained in one of its commits. */
  async #isContained(commit: CommitId, containedIn: CommitId | undefined): Promise<boolean> {
    if (containedIn === undefined || (await resolveCommit(this.#project, commit)) === null) return false;
    return isAncestor(this.#project, { ancestor: commit, descendant: containedIn });
  }

  async #open(workspace: Workspace): Promise<Git> {
    if (await isClone(workspace.path)) return openClone(this.#project, workspace.path, this.#mirrors);
    throw new PwtError('PWT_WORKTREE_BROKEN', `${workspace.path} is not a git repository any more.`, {
      hint: 'Its files are untouched. Look at what is left there before you remove it.',
      data: { path: workspace.path },
    });
  }
}

function refOf({ runId, id }: Workspace): string {
  return `refs/pwt/${runId}/clones/${id}`;
}

async function identityOf(clone: Git): Promise<Identity> {
  return (await readIdentity(clone)) ?? fallbackIdentity;
}
