import type { StopMode } from '@pwt/coordinator';
import type { EventSink, Task } from '@pwt/core';
import type { SnapshotEntry } from '@pwt/git';
import type { PairExplanation, Plan, PlanReview, ReviewPlanOptions } from '@pwt/planner';
import type { ApprovalOptions } from './approval/approval-options.js';
import { approveCommands } from './approval/approve-commands.js';
import { type Composition, Compositions } from './composition/composition.js';
import { ownTokens } from './composition/own-tokens.js';
import type { BundledPlugins } from './composition/plugins/load-plugins.js';
import type { ApproveCode } from './config/approve-code.js';
import type { ResolvedConfig } from './config/resolved-config.js';
import type { WrittenConfig } from './config/written-config.js';
import type { Cleaned, CleanRequest } from './operations/clean/clean.js';
import type { TaskDiffRequest } from './operations/inspect/task-diff.js';
import type { OperationContext } from './operations/operation-context.js';
import { loadTasks } from './operations/plan/load-tasks.js';
import { plan } from './operations/plan/plan.js';
import { planAround, type SelectedPlan } from './operations/plan/plan-around.js';
import type { PlanRequest } from './operations/plan/plan-request.js';
import { explain, review } from './operations/plan/review.js';
import { type SelectTasks, selectTasks } from './operations/plan/select-tasks.js';
import type { FoundCommand } from './operations/plugins/plugin-commands.js';
import type { PullRequests, PullRequestsRequest } from './operations/pr/pr.js';
import type { AnswerRequest, Said, StopTasksRequest } from './operations/questions/say.js';
import { RepositoryRadar } from './operations/radar/radar.js';
import type { Resolution, ResolveRequest } from './operations/resolve/resolve.js';
import type { SnapshotsRequest } from './operations/restore/snapshots.js';
import type { Abandoned, AbandonRequest } from './operations/run/abandon.js';
import type { LandRequest } from './operations/run/land.js';
import type { FoundRun, ResumeRequest } from './operations/run/resume.js';
import type { RunRequest } from './operations/run/run.js';
import type { RunResult } from './operations/run/run-result.js';
import type { ProposedScopes, ScopeProposal, ScopeRequest } from './operations/scope/scope.js';
import type { ReadRun, ReadRunRequest } from './operations/status/read-run.js';
import type { Status } from './operations/status/status.js';
import { StopSwitch } from './operations/stop-switch.js';
import type { Project } from './project/project.js';
import { RunStore } from './project/run-store.js';

export interface PwtCoordinatorOptions {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** What of the configuration the caller said itself. */
  readonly overrides: WrittenConfig;
  readonly sinks: readonly EventSink[];
  readonly warn: (message: string) => void;
  readonly approvals?: ApprovalOptions;
  readonly approveCode?: ApproveCode | undefined;
  readonly bundledPlugins?: BundledPlugins | undefined;
}

/** pwt on one repository. One run at a time; made by `createCoordinator`. Each operation is a file of its own. */
export class PwtCoordinator {
  readonly project: Project;
  readonly config: ResolvedConfig;
  /** The recorded runs. */
  readonly runs: RunStore;
  readonly #compositions: Compositions;
  readonly #context: OperationContext;

  constructor(options: PwtCoordinatorOptions) {
    const { project, config, overrides, warn, approvals, approveCode, bundledPlugins } = options;
    const stop = new StopSwitch();
    const compositions = new Compositions({
      sinks: [...options.sinks, stop],
      warn,
      loading: { approveCode, bundled: bundledPlugins },
      approveCommand: (command) => approveCommands(project, [command], approvals),
    });
    const compose: OperationContext['compose'] = (otherConfig = config, otherProject = project) =>
      compositions.of(otherProject, otherConfig);
    const runs = new RunStore(project);
    this.project = project;
    this.config = config;
    this.runs = runs;
    this.#compositions = compositions;
    this.#context = { project, config, overrides, runs, stop, warn, approvals, compose };
  }

  /**
   * What would run, in which order, and what keeps what from running together. Changes nothing.
   *
   * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_NO_COMMITS`, `PWT_DETACHED_HEAD`,
   *   `PWT_TARGET_NOT_FOUND`, `PWT_PLUGIN_*`
   */
  plan(request?: PlanRequest): Promise<Plan> {
    return plan(this.#context, request);
  }

  /**
   * Plans everything there is, so that tasks can be seen in their surroundings, and reads ids as users type them.
   * Tasks that have landed are part of it only if they are named.
   *
   * @throws PwtError those of {@link plan}
   */
  planAround(typed: readonly string[]): Promise<SelectedPlan> {
    return planAround(this.#context, typed);
  }

  /** Looks at a plan that {@link plan} made: what keeps which tasks apart, what that costs, and what to change. */
  review(made: Plan, options?: Pick<ReviewPlanOptions, 'pairs'>): Promise<PlanReview> {
    return review(this.#context, made, options);
  }

  /**
   * Why two tasks of a plan may, or may not, run at the same time.
   *
   * @throws RangeError for an id that is not in the plan
   */
  explain(made: Plan, ids: readonly [string, string]): Promise<PairExplanation> {
    return explain(this.#context, made, ids);
  }

  /**
   * Has the configured agent read the repository and propose the files of tasks that name none. Writes nothing into the
   * checkout; {@link keepScopes} does, once a person has seen them.
   *
   * @throws PwtError those of {@link plan}, and `PWT_COMMAND_NOT_APPROVED`, `PWT_CONFIG_UNTRUSTED`, `PWT_AGENT_*`, `PWT_ABORTED`
   */
  async proposeScopes(request: ScopeRequest = {}): Promise<ProposedScopes> {
    const { proposeScopes } = await import('./operations/scope/scope.js');
    return proposeScopes(this.#context, request);
  }

  /** Writes proposed scopes to the file that plans read. @returns the file. Absolute. */
  async keepScopes(proposals: readonly ScopeProposal[]): Promise<string> {
    const { keepScopes } = await import('./operations/scope/scope.js');
    return keepScopes(this.#context, proposals);
  }

  /**
   * Runs tasks to their end and lands what passes. Tasks that fail are in the result, not thrown.
   *
   * @throws PwtError those of {@link plan}, and `PWT_RUN_LOCKED`, `PWT_COMMAND_NOT_APPROVED`,
   *   `PWT_CONFIG_UNTRUSTED`,
   *   `PWT_AGENT_NOT_CONFIGURED`, `PWT_AGENT_NOT_FOUND`, `PWT_DISK_FULL`, `PWT_JOURNAL_WRITE_FAILED`
   */
  async run(request?: RunRequest): Promise<RunResult> {
    const { run } = await import('./operations/run/run.js');
    return run(this.#context, request);
  }

  /**
   * Goes on with a run that was interrupted or has crashed. Agents that still run are taken over.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_RUN_LOCKED`, `PWT_TASK_NOT_RETRYABLE`,
   *   `PWT_JOURNAL_CORRUPT`
   */
  async resume(request?: ResumeRequest): Promise<RunResult> {
    const { resume } = await import('./operations/run/resume.js');
    return resume(this.#context, request);
  }

  /**
   * Has the process that drives a run send tested work back to its agents; see `reject` of {@link resume}.
   *
   * @returns `undefined` where no process drives the run: nothing has happened
   * @throws PwtError `PWT_TASK_NOT_READY`, `PWT_REQUEST_UNFINISHED`
   */
  async sendBackInActiveRun(
    request: Required<Pick<ResumeRequest, 'reject'>> & Pick<ResumeRequest, 'runId'>,
  ): Promise<Said | undefined> {
    const { sendBackInActiveRun } = await import('./operations/run/resume.js');
    return sendBackInActiveRun(this.#context, request);
  }

  /** The run that {@link resume} would go on with, and what has happened in it. @throws PwtError `PWT_NO_RUN` */
  async findRun(request?: ResumeRequest): Promise<FoundRun> {
    const { findRun } = await import('./operations/run/resume.js');
    return findRun(this.#context, request);
  }

  /**
   * Reads ids as users type them (`US-020`, `20-25`), to be looked up in a run.
   *
   * @returns what finds them among the tasks of a run; it throws PwtError `PWT_TASK_UNKNOWN`
   */
  selectTasks(typed: readonly string[], hint?: string): Promise<SelectTasks> {
    return selectTasks(this.#context, typed, hint);
  }

  /** All tasks of the repository, as their sources have them: no claims are read, and nothing is written. */
  async tasks(): Promise<readonly Task[]> {
    const { container } = await this.#context.compose();
    return (await loadTasks(await container.resolve(ownTokens.namedSources), [])).tasks;
  }

  /**
   * The radar over all checkouts of the repository, with or without a run. Dispose it after the last look.
   *
   * @param options `again`: it will look more than once
   */
  radar({ again = false }: { readonly again?: boolean } = {}): RepositoryRadar {
    return new RepositoryRadar(this.#context, again);
  }

  /**
   * Removes worktrees and branches whose work is safe, and a stale lock. Anything else stays, unless the kind of loss
   * is named in `force`; what is given up is kept in a snapshot. Lists what is kept for a time, and deletes of it
   * what is old enough and was listed by an earlier call.
   */
  async clean(request?: CleanRequest): Promise<Cleaned> {
    const { clean } = await import('./operations/clean/clean.js');
    return clean(this.#context, request);
  }

  /**
   * Gives tasks of a run up that has not finished: stops their agents, records them as cancelled, and removes their
   * worktrees, with a snapshot of what was in them.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_LOCKED`, `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED`, `PWT_WORKSPACE_KEPT`
   */
  async abandon(request: AbandonRequest): Promise<Abandoned> {
    const { abandon } = await import('./operations/run/abandon.js');
    return abandon(this.#context, request);
  }

  /**
   * What tasks have left uncommitted, or in workspaces that were removed; the newest first. See `restore`.
   *
   * @throws PwtError `PWT_SNAPSHOT_UNKNOWN`, `PWT_TASK_UNKNOWN`
   */
  async snapshots(request?: SnapshotsRequest): Promise<readonly SnapshotEntry[]> {
    const { findSnapshots } = await import('./operations/restore/snapshots.js');
    return findSnapshots(this.#context, request);
  }

  /**
   * A run with its recorded state, without measuring anything; `undefined` if there has been none. Of a named run
   * whose log is damaged it is what can be read of it. Findings that were put right since it ended are marked so.
   */
  async readRun(request?: ReadRunRequest): Promise<ReadRun | undefined> {
    const { readRun } = await import('./operations/status/read-run.js');
    return readRun(this.#context, request);
  }

  /**
   * Moves the target to what a run has integrated; for runs without landing and for refused landings.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_RUN_LOCKED`, `PWT_REPLAY_UNSUPPORTED`
   */
  async land(request?: LandRequest): Promise<RunResult> {
    const { land } = await import('./operations/run/land.js');
    return land(this.#context, request);
  }

  /**
   * Puts the conflict of a task into its worktree, as git shows it, and says which files, lines and tasks it is about. Never
   * in the checkout of the user. {@link land} goes on with the task once the conflict is resolved there.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_RUN_LOCKED`, `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RESOLVABLE`
   */
  async resolve(request: ResolveRequest): Promise<Resolution> {
    const { resolve } = await import('./operations/resolve/resolve.js');
    return resolve(this.#context, request);
  }

  /**
   * Pushes tested work to the remote of the configuration, a branch for each task or one for all, and opens pull requests with
   * the user's own `gh` or `glab`. Each branch is tested as it is pushed.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_LOCKED`, `PWT_TASK_NOT_READY`, `PWT_REMOTE_UNKNOWN`, `PWT_FORGE_NOT_FOUND`,
   *   `PWT_PULL_REQUEST_FAILED`
   */
  async pullRequests(request?: PullRequestsRequest): Promise<PullRequests> {
    const { pullRequests } = await import('./operations/pr/pr.js');
    return pullRequests(this.#context, request);
  }

  /**
   * Answers what an agent has asked, or what was asked about one. Any process can do it; where none drives the run, the next
   * {@link resume} goes on with it.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_NO_QUESTION`, `PWT_ANSWER_INVALID`
   */
  async answer(request: AnswerRequest): Promise<Said> {
    const { answer } = await import('./operations/questions/say.js');
    return answer(this.#context, request);
  }

  /**
   * Stops the agents of tasks, in whatever process, and cancels the tasks. The rest of the run goes on.
   *
   * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_STOPPABLE`
   */
  async stopTasks(request: StopTasksRequest): Promise<Said> {
    const { stopTasks } = await import('./operations/questions/say.js');
    return stopTasks(this.#context, request);
  }

  /** Stops the run of this process. `drain` lets running agents finish; `now` ends them. `resume` goes on. */
  stop(mode: StopMode = 'drain'): Promise<void> {
    return this.#context.stop.request(mode);
  }

  /** How things stand, from any process. @throws PwtError `PWT_RUN_UNKNOWN` */
  async status(request?: ReadRunRequest): Promise<Status> {
    const { status } = await import('./operations/status/read-run.js');
    return status(this.#context, request);
  }

  /**
   * What a task has changed so far, as git prints it: its commit, or what lies in its worktree right now. Works beside a busy
   * agent.
   *
   * @returns `undefined` if the task has not begun, or if nothing is left to look at
   * @throws PwtError `PWT_WORKTREE_BROKEN`, `PWT_MACHINE_SILENT`
   */
  async taskDiff(request: TaskDiffRequest): Promise<string | undefined> {
    const { taskDiff } = await import('./operations/inspect/task-diff.js');
    return taskDiff(this.#context, request);
  }

  /** What the project's plugins add to the commands of `pwt`. @throws PwtError `PWT_PLUGIN_*` */
  async pluginCommands(): Promise<readonly FoundCommand[]> {
    const { pluginCommands } = await import('./operations/plugins/plugin-commands.js');
    return pluginCommands(this.#context);
  }

  /** The composed parts; disposed with this. @throws PwtError `PWT_PLUGIN_*` */
  composition(): Promise<Composition> {
    return this.#context.compose();
  }

  /** Lets go of everything that was made; a run should have ended before. */
  async dispose(): Promise<void> {
    await this.#compositions.dispose();
  }
}
