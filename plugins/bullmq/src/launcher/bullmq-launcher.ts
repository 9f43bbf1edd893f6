import {
  type AgentCheck,
  type AgentInfo,
  type AgentLauncher,
  type AgentRun,
  type Attempt,
  type Clock,
  defined,
  hasCode,
  type LaunchRequest,
  PwtError,
  systemClock,
  throwIfAborted,
} from '@pwt/core';
import { AgentRoster } from '@pwt/launcher';
import { definitionOf } from '../protocol/agent-definition.js';
import { type AttemptKey, attemptName, type RunReport } from '../protocol/operations.js';
import { latestOf } from '../workspaces/placement.js';
import { AttemptState, type Given } from './attempt-state.js';
import { checkWorkers } from './check-workers.js';
import type { LauncherContext } from './context.js';
import { EndedRun } from './ended-run.js';
import { MirroredLog } from './mirrored-log.js';
import { RemoteRun, type RemoteRunOptions } from './remote-run.js';
import { limitsOf, runRequest } from './run-request.js';

export interface BullmqLauncherOptions extends LauncherContext {
  /** The text of `promptFile`. @default the built-in one of the worker */
  readonly promptTemplate?: string | undefined;
  /** Tasks are marked as done when they land: agents are told to leave that alone. */
  readonly marksDone: boolean;
}

/**
 * Has agents started by the workers that have their workspaces. What it has given to a worker, and what has become of it, is in the
 * attempt's state directory here: a later process finds the agent again, or how it has ended, whatever Redis has forgotten.
 */
export class BullmqLauncher implements AgentLauncher {
  readonly name = 'bullmq';
  readonly agents: readonly AgentInfo[];
  readonly #options: BullmqLauncherOptions;
  readonly #roster: AgentRoster;
  readonly #clock: Clock;

  /** @throws PwtError `PWT_AGENT_UNKNOWN`, `PWT_AGENT_INVALID` */
  constructor(options: BullmqLauncherOptions) {
    this.#options = options;
    this.#roster = new AgentRoster(options.settings.agents.map(definitionOf));
    this.agents = this.#roster.infos;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * @throws PwtError `PWT_REDIS_UNREACHABLE`, `PWT_REDIS_REFUSED`, `PWT_REDIS_UNFIT`, `PWT_EXCHANGE_UNREACHABLE`,
   * `PWT_WORKER_REFUSES`
   */
  async check(): Promise<AgentCheck> {
    const { fleet, exchange } = this.#options;
    await Promise.all([fleet.check(), exchange.check()]);
    const { repository, settings } = this.#options;
    const diagnostics = await checkWorkers({ fleet, clock: this.#clock, repository, settings });
    // A worker takes no task of a run of whose agents one can't be started there.
    return { usable: this.agents.map(({ name }) => name), diagnostics };
  }

  /**
   * @throws PwtError `PWT_AGENT_UNKNOWN`, `PWT_WORKTREE_BROKEN` without a record of the workspace, `PWT_ATTEMPT_TAKEN` when this attempt
   * was started before, or fenced by `attach`; whatever the worker's launcher throws
   */
  async launch(request: LaunchRequest): Promise<AgentRun> {
    const { attempt, abortSignal } = request;
    throwIfAborted(abortSignal);
    const agent = this.#roster.named(request.agent).name;
    const placement = await this.#options.placements.read(attempt.workspace.id);
    if (placement?.home === undefined) throw unknownWorkspace(attempt);
    const { home, homes } = placement;
    const given: Given = {
      ...{ v: 1, worker: home.worker, homes, givenAt: this.#clock.now() },
      request: {
        ...runRequest(this.#options, { ...request, agent }, home.workspace),
        ...latestOf(placement),
      },
    };
    const state = new AttemptState(attempt.stateDir);
    if (!(await state.give(given))) throw attemptTaken(attempt);
    await this.#options.placements.launched(placement.id, attempt.number);
    const run = this.#follow(attempt, state, given, {});
    const stop = () => void run.stop();
    abortSignal?.addEventListener('abort', stop, { once: true });
    try {
      await run.begun;
      if (abortSignal?.aborted) await run.stop();
      throwIfAborted(abortSignal);
    } finally {
      abortSignal?.removeEventListener('abort', stop);
    }
    return run;
  }

  /** @throws PwtError `PWT_LEASE_UNREADABLE`; whatever the worker's launcher throws */
  async attach(attempt: Attempt): Promise<AgentRun | undefined> {
    const state = new AttemptState(attempt.stateDir);
    const given = await state.givenOrFence();
    if (given === undefined) return undefined;
    const ended = await state.ended();
    if (ended !== undefined) return new EndedRun(ended, given.worker);
    const { timeoutMs, idleTimeoutMs } = limitsOf(attempt);
    const { v, repository, workspace, latest } = given.request;
    const key = { ...given.request.attempt, timeoutMs, idleTimeoutMs };
    const renewed = { ...given, request: { ...given.request, attempt: key } };
    try {
      const { fleet } = this.#options;
      const asked = { v, repository, workspace, attempt: key, ...defined({ latest }) };
      const { status, elapsedMs } = await fleet.call(given.worker, 'attach', asked);
      if (status === 'never-started') return undefined;
      const startedAt = elapsedMs === undefined ? given.givenAt : Math.round(this.#clock.now() - elapsedMs);
      return await this.#found(attempt, state, renewed, { startedAt });
    } catch (error) {
      if (!hasCode(error, 'PWT_WORKER_LOST') && !hasCode(error, 'PWT_WORKSPACE_UNKNOWN')) throw error;
      const ask = () => Promise.reject<RunReport>(error);
      return this.#found(attempt, state, renewed, { startedAt: given.givenAt, ask });
    }
  }

  /** When it was started is on record, if an earlier process has heard of it. */
  async #found(
    attempt: Attempt,
    state: AttemptState,
    given: Given,
    more: Pick<RemoteRunOptions, 'startedAt'> & Partial<Pick<RemoteRunOptions, 'ask'>>,
  ): Promise<AgentRun> {
    const known = await new MirroredLog(attempt.stateDir, given.worker).startedAt();
    return this.#follow(attempt, state, given, { ...more, ...defined({ startedAt: known }) });
  }

  #follow(
    attempt: Attempt,
    state: AttemptState,
    { worker, homes, givenAt, request }: Given,
    more: Pick<RemoteRunOptions, 'startedAt'> & Partial<Pick<RemoteRunOptions, 'ask'>>,
  ): RemoteRun {
    const key = keyOf(attempt);
    return new RemoteRun({
      ...{ context: this.#options, clock: this.#clock, attempt: key, worker, homes, givenAt, state },
      workspace: attempt.workspace.id,
      agent: request.agent ?? '',
      log: new MirroredLog(attempt.stateDir, worker),
      ask: (options) =>
        this.#options.fleet.call(worker, 'run', request, { job: attemptName(key), ...options }),
      ...more,
    });
  }
}

function keyOf({ runId, taskId, number }: Attempt): AttemptKey {
  return { runId, taskId, number };
}

function unknownWorkspace({ workspace }: Attempt): PwtError {
  return new PwtError(
    'PWT_WORKTREE_BROKEN',
    `pwt has no record of a workspace ${workspace.id} on a worker.`,
    {
      hint: 'It was removed, or made by another provider. Those there are: pwt status',
      data: { id: workspace.id, path: workspace.path },
    },
  );
}

function attemptTaken({ stateDir, taskId, number }: Attempt): PwtError {
  return new PwtError(
    'PWT_ATTEMPT_TAKEN',
    `Attempt ${number} of task ${taskId} was started before, or given up.`,
    { hint: 'Find it again with attach(), or start another attempt.', data: { stateDir } },
  );
}
