import {
  type Collision,
  type CommitId,
  defined,
  PwtError,
  type Radar,
  type RadarPicture,
  type Staleness,
  type StartedRun,
  type TaskState,
  taskLists,
} from '@pwt/core';
import { listWorktrees, requireHeadBranch, resolveCommit } from '@pwt/git';
import { makeRadarForAll } from '../../composition/parts/radar.js';
import type { OperationContext } from '../operation-context.js';
import { type Checkout, liveCheckouts } from './live-works.js';

export interface RadarLookRequest {
  /** A branch, tag or commit that the work is for. @default the tip of a run that has not finished, else the target branch */
  readonly onto?: string;
  /** See `throwIfAborted` of `@pwt/core`. */
  readonly abortSignal?: AbortSignal;
}

/** What is seen of one checkout. */
export interface SeenCheckout extends Pick<Checkout, 'id' | 'path' | 'branch'> {
  /** Set for the worktree of a task. */
  readonly taskId?: string;
  /** Every path that differs from what the checkout and the tip have in common. Sorted. */
  readonly changes: readonly string[];
  readonly stale?: Staleness;
  readonly colliding: readonly Collision[];
  /** The changes that the task does not claim; absent for a checkout that is no task's. */
  readonly outside?: readonly string[];
  /** Why it could not be looked at. */
  readonly unseen?: string;
}

/** One look at all checkouts of a repository. */
export interface RadarLook extends Pick<RadarPicture, 'moved' | 'merges' | 'durationMs'> {
  /** What the work is for, as people name it. */
  readonly ontoName: string;
  readonly onto: CommitId;
  readonly checkouts: readonly SeenCheckout[];
}

/** Looks at all checkouts of a repository, with or without a run. */
export class RepositoryRadar {
  readonly #context: OperationContext;
  readonly #radar: Radar;

  /** @param again true: it will look more than once, so that it pays to watch what moves */
  constructor(context: OperationContext, again: boolean) {
    this.#context = context;
    this.#radar = makeRadarForAll(context.project, again);
  }

  /**
   * @throws PwtError `PWT_GIT_TOO_OLD` before git 2.38, `PWT_TARGET_NOT_FOUND`, `PWT_DETACHED_HEAD`
   */
  async look(request: RadarLookRequest = {}): Promise<RadarLook> {
    await this.#radar.check?.();
    const run = await openRun(this.#context);
    const { ontoName, onto } = await this.#tip(request, run);
    const works = await liveCheckouts(this.#context, run);
    const { abortSignal } = request;
    const lists = run && taskLists(run);
    const picture = await this.#radar.look({ works, onto, ...defined({ lists, abortSignal }) });
    const { alwaysAllowed } = run?.options ?? this.#context.config;
    // What a command without a radar does not need.
    const { beyondSpecs, outsideClaims, ownLists, plannedClaims } = await import('@pwt/coordinator');
    const allowedFor = ({ task }: TaskState) => [...alwaysAllowed, ...(run ? ownLists(run, task) : [])];
    const checkouts = picture.sightings.map((sighting, at): SeenCheckout => {
      const { id, path, branch, task } = works[at] as Checkout;
      const { changes, stale, colliding, unseen } = sighting;
      const unclaimed = task && outsideClaims(changes, plannedClaims(task.claims), allowedFor(task));
      const outside = unclaimed && beyondSpecs(unclaimed, task.task);
      return {
        ...{ id, path, branch, changes, colliding },
        ...(task && { taskId: task.task.id }),
        ...(stale && { stale }),
        ...(outside && { outside }),
        ...(unseen === undefined ? {} : { unseen }),
      };
    });
    const { moved, merges, durationMs } = picture;
    return { ontoName, onto, checkouts, moved, merges, durationMs };
  }

  /** Ends the watches, and deletes what was kept between two looks. */
  async dispose(): Promise<void> {
    await this.#radar.close();
  }

  async #tip(
    { onto }: RadarLookRequest,
    run: StartedRun | undefined,
  ): Promise<Pick<RadarLook, 'onto' | 'ontoName'>> {
    const { project, config } = this.#context;
    if (onto === undefined && run !== undefined)
      return { ontoName: `the tip of run ${run.runId}`, onto: run.integration };
    const name = onto ?? config.target ?? (await this.#mainBranch());
    const commit = await resolveCommit(project.git, name);
    if (commit !== null) return { ontoName: name, onto: commit };
    throw new PwtError('PWT_TARGET_NOT_FOUND', `There is no branch or commit ${JSON.stringify(name)}.`, {
      hint: 'Name a branch, a tag or a commit of this repository.',
      data: { target: name },
    });
  }

  /** What the repository's own checkout has checked out: in one of its worktrees, the work is not for that one's branch. */
  async #mainBranch(): Promise<string> {
    const { git, repository } = this.#context.project;
    const [main] = await listWorktrees(git, { commonDir: repository.commonDir });
    return main?.branch?.replace(/^refs\/heads\//, '') ?? requireHeadBranch(repository);
  }
}

/** The newest run, if it has not finished. */
async function openRun({ runs }: OperationContext): Promise<StartedRun | undefined> {
  const state = await runs.latest();
  return state === undefined || state.status === 'empty' || state.status === 'finished' ? undefined : state;
}
