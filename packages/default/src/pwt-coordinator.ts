import type { StopMode } from '@pwt/coordinator';
import {
  type EventSink,
  type Expiry,
  hasCode,
  type PwtError,
  type RunEvent,
  type RunState,
  tokens,
} from '@pwt/core';
import type { SnapshotEntry } from '@pwt/git';
import type { PairExplanation, Plan } from '@pwt/planner';
import { type PlanReview, type ReviewPlanOptions, reviewPlan } from '@pwt/planner';
import { ApprovalStore, requireApproval } from './approval/approvals.js';
import type { ApproveCode } from './approval/code-approval.js';
import { ownTokens } from './composition/compose-parts.js';
import { openSession, type Session } from './composition/composition.js';
import { completeConfig } from './config/resolve.js';
import type { ResolvedConfig } from './config/resolved-config.js';
import type { WrittenConfig } from './config/written-config.js';
import type { ApprovalOptions } from './create-coordinator.js';
import {
  type CleanedWorkspace,
  type CleanRequest,
  cleanWorkspaces,
  targetTips,
} from './operations/clean/clean.js';
import { namesFor } from './operations/plan/load-tasks.js';
import { planSession } from './operations/plan/plan-tasks.js';
import { existingIds, selectIds } from './operations/plan/select-ids.js';
import { abandonTasks, continueRun, landRun, recordedConfig } from './operations/run/continue-run.js';
import { landsByItself } from './operations/run/land-while-active.js';
import { trustForRun } from './operations/run/require-trust.js';
import type { RunResult } from './operations/run/run-result.js';
import { startRun } from './operations/run/start-run.js';
import { StopSwitch } from './operations/run/stop-switch.js';
import { withoutRemoved } from './operations/status/clean-steps.js';
import { lookAgain, mayBePutRight } from './operations/status/look-again.js';
import { isHeldForResume } from './operations/status/next-step.js';
import { type Status, toStatus } from './operations/status/status.js';
import { hasWorkToLand } from './operations/status/work-to-land.js';
import { type Project, resolveTarget } from './project/project.js';
import { readLockHolder, releaseStaleLock } from './project/run-lock.js';
import { RECENT_RUNS, RunStore } from './project/run-store.js';

export interface PwtCoordinatorOptions {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** What of the configuration the caller said itself. */
  readonly overrides: WrittenConfig;
  readonly sinks: readonly EventSink[];
  readonly warn: (message: string) => void;
  readonly approvals?: ApprovalOptions;
  readonly approveCode?: ApproveCode | undefined;
}

export interface PlanRequest {
  /** As a user types them: `20`, `US-020`, `20-25`. @default all tasks */
  readonly taskIds?: readonly string[];
}

export interface RunRequest extends PlanRequest {
  /** Let the agent work unattended. @default as configured */
  readonly autoApprove?: boolean;
  /** Trust what has come into the repository's git configuration since the last run. @default false */
  readonly trustGitConfig?: boolean;
}

export interface ResumeRequest {
  /** @default the newest run that has not finished */
  readonly runId?: string;
  /** Tasks of the run that ended badly and are to start over; as a user types their ids. */
  readonly retry?: readonly string[];
}

/** A run as it is recorded. */
export interface ReadRun {
  readonly state: RunState;
  /** True while a live process drives it. */
  readonly active: boolean;
  /** True if it is not the newest: commands about it have to name it. */
  readonly named: boolean;
  /** Set if its log can't be read to its end. */
  readonly damage?: PwtError;
}

export interface LandRequest {
  /** @default the newest run with work to land */
  readonly runId?: string;
  /**
   * Put what the run has tested on top of a target that was rewritten (amended, rebased, reset), without bringing back
   * what was taken off. @default false: nothing lands on such a target
   */
  readonly ontoRewritten?: boolean;
}

/** pwt on one repository. One run at a time; made by `createCoordinator`. */
export class PwtCoordinator {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** The recorded runs. */
  readonly runs: RunStore;
  readonly #options: PwtCoordinatorOptions;
  readonly #stop = new StopSwitch();
  readonly #sessions: Session[] = [];

  constructor(options: PwtCoordinatorOptions) {
    this.#options = options;
    this.project = options.project;
    this.config = options.config;
    this.runs = new RunStore(options.project);
  }

  /**
   * What would run, in which order, and what keeps what from running together. Changes nothing.
   *
   * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_NO_COMMITS`, `PWT_DETACHED_HEAD`,
   *   `PWT_TARGET_NOT_FOUND`, `PWT_PLUGIN_*`
   */
  async plan({ taskIds = [] }: PlanRequest = {}): Promise<Plan> {
    const session = await this.session();
    return planSession(session, taskIds, await resolveTarget(this.project, this.config.target));
  }

  /** Looks at a plan that {@link plan} made: what keeps which tasks apart, what that costs, and what to change. */
  async review(plan: Plan, { pairs = false }: Pick<ReviewPlanOptions, 'pairs'> = {}): Promise<PlanReview> {
    const { container } = await this.session();
    const { maxInstances, separation } = this.config;
    const cache = await container.resolve(ownTokens.cache);
    const intercept = () => this.#learnedIntercept(plan);
    return reviewPlan(plan, { maxInstances, separation, pairs, cache, intercept });
  }

  /**
   * Why two tasks of a plan may, or may not, run at the same time.
   *
   * @throws RangeError for an id that is not in the plan
   */
  async explain(plan: Plan, ids: readonly [string, string]): Promise<PairExplanation> {
    const { explainPair } = await import('@pwt/planner');
    return explainPair(plan, ids, await this.#learnedIntercept(plan));
  }

  /**
   * Runs tasks to their end and lands what passes. Tasks that fail are in the result, not thrown.
   *
   * @throws PwtError those of {@link plan}, and `PWT_RUN_LOCKED`, `PWT_COMMAND_NOT_APPROVED`,
   *   `PWT_CONFIG_UNTRUSTED`,
   *   `PWT_AGENT_NOT_CONFIGURED`, `PWT_AGENT_NOT_FOUND`, `PWT_DISK_FULL`, `PWT_JOURNAL_WRITE_FAILED`
   */
  async run({ taskIds = [], autoApprove, trustGitConfig = false }: RunRequest = {}): Promise<RunResult> {
    const config = autoApprove === undefined ? this.config : this.#with({ autoApprove });
    await this.#approve(config);
    const project = await trustForRun(this.project, trustGitConfig);
    return startRun({ session: await this.session(config, project), taskIds, stop: this.#stop });
  }

  /**
   * Goes on with a run that was interrupted or has crashed. Agents that still run are taken over.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_RUN_LOCKED`, `PWT_TASK_NOT_RETRYABLE`,
   *   `PWT_JOURNAL_CORRUPT`
   */
  async resume(request: ResumeRequest = {}): Promise<RunResult> {
    const { state, retry } = await this.#runToResume(request);
    const config = recordedConfig(this.project.root, state, this.#options.overrides);
    return continueRun({ session: await this.session(config), runId: state.runId, retry, stop: this.#stop });
  }

  /** The run that {@link resume} would go on with, and what has happened in it. @throws PwtError `PWT_NO_RUN` */
  async findRun(request: ResumeRequest = {}): Promise<{
    readonly runId: string;
    readonly history: readonly RunEvent[];
    /** The ids of the tasks that are to start over. */
    readonly retry: readonly string[];
  }> {
    const { state, retry } = await this.#runToResume(request);
    return { runId: state.runId, history: await this.runs.events(state.runId), retry };
  }

  /**
   * Reads ids as users type them (`US-020`, `20-25`), to be looked up in a run.
   *
   * @returns what finds them among the tasks of a run; it throws PwtError `PWT_TASK_UNKNOWN`
   */
  async selectTasks(
    typed: readonly string[],
    hint = 'See which tasks there are: pwt status',
  ): Promise<(exists: (id: string) => boolean) => readonly string[]> {
    const { container } = await this.session();
    const selection = selectIds(typed, namesFor(await container.resolve(ownTokens.namedSources)));
    return (exists) => existingIds(selection, exists, hint);
  }

  /**
   * Removes worktrees and branches whose work is safe, and a stale lock. Anything else stays, unless the kind of loss
   * is named in `force`; what is given up is kept in a snapshot. Lists what is kept for a time, and deletes of it
   * what is old enough and was listed by an earlier call.
   */
  async clean(
    request: Pick<CleanRequest, 'force' | 'dryRun'> & { readonly taskIds?: readonly string[] } = {},
  ): Promise<{ readonly workspaces: readonly CleanedWorkspace[]; readonly kept: readonly Expiry[] }> {
    const { container } = await this.session();
    const provider = await container.resolve(tokens.workspaceProvider);
    const { taskIds = [], ...how } = request;
    const { recovery } = this.project.git;
    recovery?.onRecovered(({ message }) => this.#options.warn(message));
    if (!how.dryRun && !(await readLockHolder(this.project))?.alive) await recovery?.settle();
    const workspaces = await cleanWorkspaces({
      project: this.project,
      provider,
      runs: this.runs,
      ...how,
      ...(taskIds.length === 0 ? {} : { select: await this.selectTasks(taskIds) }),
    });
    if (!how.dryRun) await releaseStaleLock(this.project);
    const kept = await provider.expire?.({
      olderThanDays: this.config.trashDays,
      containedIn: await targetTips(this),
      dryRun: how.dryRun === true,
    });
    return { workspaces, kept: kept ?? [] };
  }

  /**
   * Gives tasks of a run up that has not finished: stops their agents, records them as cancelled, and removes their
   * worktrees, with a snapshot of what was in them.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_LOCKED`, `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED`, `PWT_WORKSPACE_KEPT`
   */
  async abandon(request: {
    readonly taskIds: readonly string[];
  }): Promise<{ readonly state: RunState; readonly taskIds: readonly string[] }> {
    const select = await this.selectTasks(request.taskIds);
    const run = await this.runs.find(
      undefined,
      ({ status, tasks }) => status !== 'finished' && request.taskIds.length > 0 && knows(select, tasks),
      'that has not finished and has such a task',
      'A finished run has no tasks to give up: its worktrees are removed without --abandon.',
    );
    const taskIds = select((id) => run.tasks.has(id));
    const config = recordedConfig(this.project.root, run, this.#options.overrides);
    return { state: await abandonTasks(await this.session(config), run.runId, taskIds), taskIds };
  }

  /**
   * What tasks have left uncommitted, or in workspaces that were removed; the newest first. See `restore`.
   *
   * @throws PwtError `PWT_SNAPSHOT_UNKNOWN`, `PWT_TASK_UNKNOWN`
   */
  async snapshots({
    taskIds = [],
    runId,
  }: {
    readonly taskIds?: readonly string[];
    readonly runId?: string;
  } = {}): Promise<readonly SnapshotEntry[]> {
    const { findSnapshots } = await import('./operations/restore/snapshots.js');
    const { project, runs } = this;
    const hint = 'See which snapshots there are: pwt restore';
    return findSnapshots({
      project,
      runs,
      ...(runId === undefined ? {} : { runId }),
      ...(taskIds.length === 0 ? {} : { select: await this.selectTasks(taskIds, hint) }),
    });
  }

  /**
   * A run with its recorded state, without measuring anything; `undefined` if there has been none. Of a named run
   * whose log is damaged it is what can be read of it. Findings that were put right since it ended are marked so.
   */
  async readRun({ runId }: { readonly runId?: string } = {}): Promise<ReadRun | undefined> {
    const [found, holder] = await Promise.all([
      runId === undefined
        ? this.runs.latest().then((state) => (state ? { state } : undefined))
        : this.runs.readable(runId),
      readLockHolder(this.project),
    ]);
    if (found === undefined) return undefined;
    const active = holder?.alive === true && holder.runId === found.state.runId;
    const named = runId !== undefined && !(await this.runs.isNewest(runId));
    const state = await withoutRemoved(found.state);
    return { ...found, state: active ? state : await this.#lookedAgain(state), active, named };
  }

  /**
   * Moves the target to what a run has integrated; for runs without landing and for refused landings.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_RUN_LOCKED`, `PWT_REPLAY_UNSUPPORTED`
   */
  async land({ runId, ontoRewritten = false }: LandRequest = {}): Promise<RunResult> {
    const fits = (run: RunState) => hasWorkToLand(run, { ontoRewritten });
    const state = await this.runs.find(runId, fits, 'with work to land');
    const overrides = { ...this.#options.overrides, autoMerge: true };
    const config = recordedConfig(this.project.root, state, overrides);
    try {
      return await landRun(await this.session(config), { runId: state.runId, ontoRewritten });
    } catch (error) {
      if (!hasCode(error, 'PWT_RUN_LOCKED')) throw error;
      throw landsByItself(error, state);
    }
  }

  async #lookedAgain(state: RunState): Promise<RunState> {
    if (!mayBePutRight(state)) return state;
    const { container } = await this.session();
    return lookAgain(state, await container.resolve(tokens.repositoryObserver));
  }

  /** Stops the run of this process. `drain` lets running agents finish; `now` ends them. `resume` goes on. */
  async stop(mode: StopMode = 'drain'): Promise<void> {
    await this.#stop.request(mode);
  }

  /** How things stand, from any process. @throws PwtError `PWT_RUN_UNKNOWN` */
  async status(request: { readonly runId?: string } = {}): Promise<Status> {
    const session = await this.session();
    const [run, damaged, sample] = await Promise.all([
      this.readRun(request),
      this.runs.damaged({ newest: RECENT_RUNS }),
      session.container.resolve(tokens.resourceMonitor).then((monitor) => monitor.sample()),
    ]);
    const { state, active = false, named = false } = run ?? {};
    return toStatus({ state, active, named, damaged, sample, now: Date.now() });
  }

  /** The composed parts under a configuration; disposed with this. @throws PwtError `PWT_PLUGIN_*` */
  async session(config: ResolvedConfig = this.config, project: Project = this.project): Promise<Session> {
    const known = this.#sessions.find((session) => session.config === config && session.project === project);
    if (known) return known;
    const { sinks, warn, approveCode } = this.#options;
    const session = await openSession({ project, config, warn, approveCode, sinks: [...sinks, this.#stop] });
    this.#sessions.push(session);
    return session;
  }

  /** Lets go of everything that was made; a run should have ended before. */
  async dispose(): Promise<void> {
    for (const session of this.#sessions.splice(0).reverse()) await session.container.dispose();
  }

  async #learnedIntercept({ tree }: Pick<Plan, 'tree'>): Promise<number> {
    const { container } = await this.session();
    const [{ learnedIntercept }, journals, cache] = await Promise.all([
      import('./composition/parts/learned-intercept.js'),
      container.resolve(ownTokens.journals),
      container.resolve(ownTokens.cache),
    ]);
    return learnedIntercept({ journals, tree, cache });
  }

  async #runToResume({
    runId,
    retry = [],
  }: ResumeRequest): Promise<{ state: RunState; retry: readonly string[] }> {
    if (retry.length === 0) {
      const newest = await this.runs.latest();
      const fits = (run: RunState) =>
        (run.status !== 'finished' && run.order.length > 0) ||
        (run.runId === newest?.runId && [...run.tasks.values()].some(isHeldForResume));
      return { state: await this.runs.find(runId, fits, 'to resume'), retry: [] };
    }
    const among = await this.selectTasks(retry);
    const state = await this.runs.find(runId, () => true, `with ${retry.join(', ')}`);
    return { state, retry: among((id) => state.tasks.has(id)) };
  }

  #with(overrides: WrittenConfig): ResolvedConfig {
    const { written, file, repositoryCommands } = this.config;
    return { ...completeConfig(this.project.root, { ...written, ...overrides }), file, repositoryCommands };
  }

  async #approve({ repositoryCommands }: ResolvedConfig): Promise<void> {
    const { approvals, project } = this.#options;
    if (approvals === undefined || repositoryCommands.length === 0) return;
    const store = new ApprovalStore({ file: approvals.file, repository: project.repository.commonDir });
    await requireApproval(repositoryCommands, store, approvals.confirm);
  }
}

/** True if every id that was typed is the id of a task. */
function knows(
  select: (exists: (id: string) => boolean) => readonly string[],
  tasks: RunState['tasks'],
): boolean {
  try {
    return select((id) => tasks.has(id)).length > 0;
  } catch (error) {
    if (hasCode(error, 'PWT_TASK_UNKNOWN')) return false;
    throw error;
  }
}
