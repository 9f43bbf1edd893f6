import { join } from 'node:path';
import {
  type ChangedPath,
  type CollectOutcome,
  type CollectRequest,
  type CommitId,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  defined,
  type ExpireRequest,
  type Expiry,
  type MovedOnto,
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
import { type Git, WorktreePaths } from '@pwt/git';
import { checkPlaces } from './check.js';
import { collect, currentChanges, type Opened } from './collect.js';
import type { ProviderContext } from './context.js';
import { createWorkspace, prepareWorkspace, takingTurns } from './create.js';
import { branchTip, discard } from './discard.js';
import { examine, findUnrecorded } from './evidence.js';
import { expire, releaseContained } from './expire.js';
import { findHome, type Home } from './home.js';
import { putBackFinding, putBackIntruded } from './intruded.js';
import { KnownPlaces } from './known-places.js';
import { fixedFolder } from './location.js';
import { moveOnto } from './onto/move-onto.js';
import { remember } from './onto/remember.js';
import { settleMove } from './onto/settle.js';
import { asListed, discardParked } from './parked.js';
import { PROVIDER_NAME, type PreparedMerge, recordsIn, type WorktreeRecord } from './records.js';
import { foreseeTask, removeScratch, removeTask } from './remove.js';
import { requireIntact } from './require-intact.js';
import { createScratch } from './scratch.js';
import type { SetupCommand } from './setup.js';
import { takeSnapshot } from './snapshot.js';
import { Trash } from './trash.js';

/** Templates: `{repo}`, `{run}`, `{id}`, `{id3}` (numeric ids with three digits), `{slug}`; scratch: `{n}`. */
export interface GitWorktreeProviderOptions {
  /** Runs at the top of the checkout from which pwt works. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** Where pwt keeps its state for the repository: records of worktrees, trash, setup logs. Absolute. */
  readonly stateDir: string;
  /** For the setup command, in practice `process.env`; `roleEnvironment` says what of it the command gets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative to the checkout (of a submodule: to the outermost one around it), and outside: `../{repo}-wt{id}`. */
  readonly worktreeTemplate: string;
  /** Such as `feature/us-{id3}`. */
  readonly branchTemplate: string;
  /** @default `{repo}-gate-{run}-{n}` in the folder of the worktrees */
  readonly scratchTemplate?: string;
  /** Run in every new worktree and scratch checkout. */
  readonly setup?: SetupCommand;
  /**
   * How many scratch checkouts of a run are kept to be used again when they are removed. Call
   * {@link GitWorktreeProvider.close} at the end of the run. @default all: no more than there were at the same time
   */
  readonly scratchPoolSize?: number;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/**
 * Gives every task a linked git worktree on a branch of its own.
 *
 * A worktree starts at an exact commit; its branch tracks no other. Whatever exists already at its path or under its
 * branch's name is left alone. Nothing of pwt's own lies in a worktree: records are kept in the state directory, and
 * a mark in the worktree's own git directory proves later that pwt has made it.
 */
export class GitWorktreeProvider implements WorkspaceProvider {
  readonly name: typeof PROVIDER_NAME = PROVIDER_NAME;
  readonly #context: ProviderContext;

  constructor(options: GitWorktreeProviderOptions) {
    const { git, commonDir, stateDir, env, setup, worktreeTemplate: worktree } = options;
    let home: Promise<Home> | undefined;
    const records = recordsIn(stateDir);
    this.#context = {
      git,
      home: () => {
        home ??= findHome(git, commonDir);
        return home;
      },
      commonDir,
      stateDir,
      env,
      setup,
      records,
      places: new KnownPlaces(records),
      worktrees: new WorktreePaths(git),
      trash: new Trash(join(stateDir, 'trash'), options.now),
      collected: new Map(),
      now: options.now ?? Date.now,
      templates: {
        worktree,
        branch: options.branchTemplate,
        scratch: options.scratchTemplate ?? `${fixedFolder(worktree)}{repo}-gate-{run}-{n}`,
      },
      scratchPoolSize: options.scratchPoolSize ?? Number.POSITIVE_INFINITY,
    };
  }

  /** @throws PWT_TEMPLATE_INVALID, PWT_WORKTREE_LOCATION */
  async check(): Promise<void> {
    await checkPlaces(this.#context);
  }

  /**
   * @throws PWT_WORKTREE_EXISTS, PWT_BRANCH_EXISTS with a command that makes room
   * @throws PWT_TEMPLATE_INVALID, PWT_TEMPLATE_COLLISION, PWT_WORKTREE_LOCATION for templates that do not work
   * @throws PWT_SETUP_FAILED, PWT_ABORTED after discarding what was made
   * @throws PWT_WORKTREE_BROKEN if the worktree that this run made before is gone or damaged
   * @throws PWT_COMMIT_NOT_FOUND, PWT_TASK_ID_INVALID
   */
  async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    return createWorkspace(this.#context, request);
  }

  /**
   * It is at its final path and on its branch, so that handing it over is one look at it and one record.
   *
   * @throws as {@link create}
   */
  async prepare(request: CreateWorkspaceRequest): Promise<Workspace | undefined> {
    return prepareWorkspace(this.#context, request);
  }

  /** @throws PWT_SETUP_FAILED, PWT_ABORTED, PWT_WORKTREE_LOCATION, PWT_COMMIT_NOT_FOUND */
  async scratch(request: ScratchWorkspaceRequest): Promise<Workspace> {
    return createScratch(this.#context, request);
  }

  /** The list includes unfinished workspaces of an interrupted call, so that they can be removed. */
  async list(request: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    return (await this.#context.records.list(request.runId)).map(asListed);
  }

  /**
   * No hook runs, and nothing is signed. Where git has no identity, leftovers are committed by
   * `pwt <pwt@localhost>`. The signal counts only before the call begins: no half of the work is committed.
   *
   * @throws PWT_WORKTREE_BROKEN if the worktree or its `.git` file is gone; what is left is not touched
   * @throws PWT_WORKTREE_BUSY in the middle of a merge, rebase or the like
   */
  async collect({ workspace, message, intruded = [], abortSignal }: CollectRequest): Promise<CollectOutcome> {
    throwIfAborted(abortSignal);
    const opened = await settleMove(this.#context, await this.#open(workspace));
    let kept: Snapshot | undefined;
    const leaveOut = (git: Git) =>
      putBackIntruded(git, workspace, intruded, async () => {
        kept = await this.snapshot({ workspace, reason: 'before files of others were left out' });
      });
    const take = (one: Opened) => collect(this.#context, one, workspace, message, this.#keeping(workspace));
    let putBack = await leaveOut(opened.git);
    let outcome = await take(opened);
    if (putBack.length === 0 && outcome.status === 'collected') {
      // A merge that was under way is committed by now.
      putBack = await leaveOut(opened.git);
      if (putBack.length > 0) outcome = await take(await this.#open(workspace));
    }
    if (putBack.length === 0) return outcome;
    const findings = [...(outcome.findings ?? []), putBackFinding(workspace, putBack, kept)];
    const snapshot = kept ?? outcome.snapshot;
    return { ...outcome, findings, ...defined({ snapshot }) };
  }

  /**
   * The base is merged into what is checked out, without hooks, with the merge drivers of the trusted configuration, and
   * never over a file that is in no commit. Markers name the task's branch, and the commit that is merged with its subject.
   * Killed in the middle, the next call starts again from where the work was.
   *
   * @throws PWT_WORKTREE_BROKEN, PWT_COMMIT_NOT_FOUND, PWT_MERGE_UNSOUND, PWT_ABORTED before anything is changed
   */
  async moveOnto(request: MoveOntoRequest): Promise<MovedOnto> {
    throwIfAborted(request.abortSignal);
    const opened = await this.#open(request.workspace);
    return moveOnto(this.#context, opened, request, this.#keeping(request.workspace));
  }

  /** @throws PWT_WORKTREE_BROKEN */
  async changes(workspace: Workspace): Promise<readonly ChangedPath[]> {
    return currentChanges(this.#context, await this.#open(workspace), workspace);
  }

  /**
   * A task's worktree is removed only if it has our mark, is clean, no merge, rebase or the like is in progress in
   * it, and `containedIn` contains both its HEAD and its branch, by object id or as `landedAs` says and the contents
   * prove; otherwise it is `kept`. Its ignored files stay in the trash.
   */
  async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    const record = await this.#context.records.read(request.workspace.id);
    if (record === undefined) return this.#removeUnknown(request.workspace);
    if (record.state === 'creating') return this.#removeHalfMade(record);
    if (isForTask(record)) return this.#removeParked(record);
    if (record.workspace.kind === 'task') return removeTask(this.#context, record, request);
    return (await this.#keepIdle(record)) ? { status: 'removed' } : removeScratch(this.#context, record);
  }

  /** What {@link remove} would answer. Removes nothing. */
  async foresee(request: RemoveRequest): Promise<RemoveOutcome> {
    const record = await this.#context.records.read(request.workspace.id);
    if (record === undefined) return this.#removeUnknown(request.workspace);
    const isTask = record.state === 'ready' && record.workspace.kind === 'task';
    return isTask ? foreseeTask(this.#context, record, request) : { status: 'removed' };
  }

  /**
   * A commit in the shape of a stash under `refs/pwt/<run>/snapshots/<task>/<n>`. Works beside a busy agent, and where
   * an agent has replaced or deleted the worktree's `.git`.
   *
   * @throws PWT_GIT_FAILED if something can't be read or written
   */
  async snapshot({ workspace, reason }: SnapshotRequest): Promise<Snapshot | undefined> {
    const record = await this.#context.records.read(workspace.id);
    if (record === undefined || record.workspace.kind !== 'task') return undefined;
    const safeIn = [workspace.base, await branchTip(this.#context, record)];
    return takeSnapshot(this.#context, record, { reason, safeIn });
  }

  /** The merge that was left in a worktree for somebody to finish; `undefined` if there is none. */
  async leftMerge(workspace: Workspace): Promise<PreparedMerge | undefined> {
    return (await this.#context.records.read(workspace.id))?.merging;
  }

  /**
   * Takes over a merge that was left in a worktree elsewhere, whose state was put into this one; `undefined`: none was.
   *
   * @throws PWT_WORKTREE_BROKEN
   */
  async adoptMerge(workspace: Workspace, merge: PreparedMerge | undefined): Promise<void> {
    const { record } = await this.#open(workspace);
    await remember(this.#context, record, { moving: null, merging: merge ?? null });
  }

  /** Lists the snapshots and the ignored files in the trash, and deletes what is old and was listed before. */
  async expire(request: ExpireRequest): Promise<readonly Expiry[]> {
    return expire(this.#context, request);
  }

  /**
   * Removes the idle scratch checkouts of a run, the worktrees that no task got, those that a killed pwt has left
   * unfinished, and the snapshots that have landed.
   */
  async close({ runId, landed }: { readonly runId: string; readonly landed?: CommitId }): Promise<void> {
    if (landed !== undefined) await releaseContained(this.#context.git, { [runId]: landed });
    for (const record of await this.#context.records.list(runId)) {
      if (record.state === 'creating') await this.#removeHalfMade(record);
      else if (isForTask(record)) await this.#removeParked(record);
      else if (record.state === 'parked') await removeScratch(this.#context, record);
    }
  }

  /** The records of worktrees and trash that can't be read any more. Each concerns its own worktree only. */
  async damagedState(): Promise<ReadonlyArray<{ readonly file: string; readonly message: string }>> {
    const { records, trash } = this.#context;
    return [
      ...(await records.damaged()).map(({ message, place }) => ({ file: place?.path ?? '', message })),
      ...(await trash.damaged()).map((file) => ({
        file,
        message: `${file} is damaged; the files that it describes are still in ${file.replace(/\.json$/, '')}`,
      })),
    ];
  }

  /** Worktrees with pwt's mark that have no record any more, because pwt's state was deleted. */
  async unrecorded(): Promise<readonly string[]> {
    const { commonDir, records } = this.#context;
    return findUnrecorded(commonDir, new Set((await records.list()).map(({ mark }) => mark)));
  }

  #keeping(workspace: Workspace): () => Promise<Snapshot | undefined> {
    return () => this.snapshot({ workspace, reason: 'before its work was committed' });
  }

  async #open(workspace: Workspace): Promise<Opened> {
    const { git, commonDir, records } = this.#context;
    const record = await records.read(workspace.id);
    if (record !== undefined) return { ...(await requireIntact(git, commonDir, record)), record };
    throw new PwtError('PWT_WORKTREE_BROKEN', `pwt has no record of a worktree ${workspace.id}.`, {
      hint: 'It was removed, or made by another provider. See: git worktree list',
      data: { id: workspace.id, path: workspace.path },
    });
  }

  async #removeUnknown(workspace: Workspace): Promise<RemoveOutcome> {
    const trace = await examine(this.#context.git, this.#context.commonDir, {
      v: 1,
      workspace,
      state: 'ready',
      mark: '',
    });
    if (trace.status === 'gone') return { status: 'gone' };
    return { status: 'kept', reason: 'not-ours', message: `pwt has no record of ${workspace.path}` };
  }

  /** Its task may have got it since the record was read. */
  async #removeParked({ workspace }: WorktreeRecord): Promise<RemoveOutcome> {
    return takingTurns(this.#context, workspace.id, async () => {
      const record = await this.#context.records.read(workspace.id);
      if (record === undefined) return { status: 'gone' };
      const message = `${workspace.path} is in use by now`;
      if (record.state !== 'parked') return { status: 'kept', reason: 'in-use', message };
      return (await discardParked(this.#context, record)) ?? { status: 'removed' };
    });
  }

  async #removeHalfMade(record: WorktreeRecord): Promise<RemoveOutcome> {
    await discard(this.#context, record, { keepFiles: true });
    return { status: 'removed' };
  }

  /** Puts a scratch checkout into the run's pool. False if the pool is full or the checkout is damaged. */
  async #keepIdle(record: WorktreeRecord): Promise<boolean> {
    const { git, commonDir, records, scratchPoolSize } = this.#context;
    if (record.state === 'parked') return false;
    const idle = (await records.scratch(record.workspace.runId)).filter(isIdleScratch);
    if (idle.length >= scratchPoolSize) return false;
    if ((await examine(git, commonDir, record)).status !== 'intact') return false;
    await records.write({ ...record, state: 'parked' });
    return true;
  }
}

function isIdleScratch({ state, workspace }: WorktreeRecord): boolean {
  return state === 'parked' && workspace.kind === 'scratch';
}

/** True for a worktree that is kept ready for its task. */
function isForTask({ state, workspace }: WorktreeRecord): boolean {
  return state === 'parked' && workspace.kind === 'task';
}
