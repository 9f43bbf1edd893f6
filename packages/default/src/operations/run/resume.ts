import { defined, type RunEvent, type RunState, type SentBackTask, tokens } from '@pwt/core';
import type { Composition } from '../../composition/composition.js';
import { ownTokens } from '../../composition/own-tokens.js';
import { runOptions } from '../../config/run-options.js';
import { makePrivate } from '../../project/private-state.js';
import { withRunLock } from '../../project/run-lock.js';
import { RunStore } from '../../project/run-store.js';
import type { OperationContext } from '../operation-context.js';
import { knowsAll, selectInRun, selectTasks } from '../plan/select-tasks.js';
import { askRun } from '../questions/ask-run.js';
import type { Said } from '../questions/say.js';
import { isHeldForResume } from '../status/next-step.js';
import type { StopSwitch } from '../stop-switch.js';
import { recordedConfig, retryConfig } from './recorded-config.js';
import { type RunResult, toRunResult } from './run-result.js';

export interface ResumeRequest {
  /** @default the newest run that has not finished */
  readonly runId?: string;
  /**
   * Tasks of the run that ended badly and are to be tried again; as a user types their ids. They go on with what they have,
   * except that work which a gate has rejected is only tested again if the gate, its environment or the target has changed
   * since.
   */
  readonly retry?: readonly string[];
  /** Tested work of the run that is not wanted as it is: it goes back to its agent. As a user types the ids. */
  readonly reject?: { readonly taskIds: readonly string[]; readonly reason: string };
  /** Start those over in fresh workspaces. @default false */
  readonly fresh?: boolean;
  /** Test their work again in any case, and start no agent. @default false */
  readonly regate?: boolean;
  /** What the user has to say to their agents. */
  readonly message?: string;
}

/** A run to go on with, and what has happened in it. */
export interface FoundRun {
  readonly runId: string;
  readonly history: readonly RunEvent[];
  /** The ids of the tasks that are to be tried again. */
  readonly retry: readonly string[];
  /** Tested work that goes back to its agent. */
  readonly sentBack: readonly SentBackTask[];
}

/** Goes on with a run, and tries tasks again that are to be retried. Agents that still run are taken over. */
export async function resume(context: OperationContext, request: ResumeRequest = {}): Promise<RunResult> {
  const { state, retry, sentBack } = await runToResume(context, request);
  const config =
    retry.length === 0
      ? recordedConfig(context.project.root, state, context.overrides)
      : await retryConfig(context, state);
  const { fresh = false, regate = false, message } = request;
  const { runId } = state;
  return continueRun(await context.compose(config), {
    ...{ runId, retry, sentBack, fresh, regate, ...defined({ message }) },
    stop: context.stop,
  });
}

/** Tested work of a run that another process drives goes back to its agents. `undefined` where no process drives it. */
export async function sendBackInActiveRun(
  context: OperationContext,
  request: Required<Pick<ResumeRequest, 'reject'>> & Pick<ResumeRequest, 'runId'>,
): Promise<Said | undefined> {
  const { state, sentBack } = await runToResume(context, request);
  const { runId } = state;
  const { reason } = request.reject;
  const taskIds = sentBack.map(({ taskId }) => taskId);
  const after = await askRun(context, runId, { kind: 'reject', taskIds, reason });
  return after && { runId, taskIds, active: true };
}

/** The run that {@link resume} would go on with. */
export async function findRun(context: OperationContext, request: ResumeRequest = {}): Promise<FoundRun> {
  const { state, retry, sentBack } = await runToResume(context, request);
  return { runId: state.runId, history: await context.runs.events(state.runId), retry, sentBack };
}

async function runToResume(
  context: OperationContext,
  { runId, retry = [], reject }: ResumeRequest,
): Promise<{ readonly state: RunState } & Pick<FoundRun, 'retry' | 'sentBack'>> {
  const { runs } = context;
  if (reject !== undefined) {
    const { taskIds: typed, reason } = reject;
    const select = await selectTasks(context, typed);
    const state = await runs.find(runId, (run) => knowsAll(select, run), `with ${typed.join(', ')}`);
    const sentBack = selectInRun(select, state).map((taskId) => ({ taskId, reason }));
    return { state, retry: [], sentBack };
  }
  if (retry.length === 0) {
    const newest = await runs.latest();
    const fits = (run: RunState) =>
      (run.status !== 'finished' && run.order.length > 0) ||
      (run.runId === newest?.runId && [...run.tasks.values()].some(isHeldForResume));
    return { state: await runs.find(runId, fits, 'to resume'), retry: [], sentBack: [] };
  }
  const among = await selectTasks(context, retry);
  const state = await runs.find(runId, () => true, `with ${retry.join(', ')}`);
  return { state, retry: selectInRun(among, state), sentBack: [] };
}

interface ContinueRunRequest extends Required<Omit<ResumeRequest, 'runId' | 'reject' | 'message'>> {
  readonly message?: string;
  readonly runId: string;
  readonly sentBack: readonly SentBackTask[];
  readonly stop: StopSwitch;
}

/** @param composition under {@link recordedConfig} */
async function continueRun(
  { project, config, container }: Composition,
  { stop, ...request }: ContinueRunRequest,
): Promise<RunResult> {
  const { runId } = request;
  // Said before anything starts over; agents that are still running go on.
  await (await container.resolve(tokens.workspaceProvider)).check?.();
  await (await container.resolve(tokens.merger)).check?.();
  return withRunLock(project, runId, async () => {
    await makePrivate(project.stateDir);
    await endGates(runId);
    const coordinator = await container.resolve(ownTokens.coordinator);
    const { effectivePermission } = await import('../../composition/parts/agent-launcher.js');
    const options = runOptions({ ...config, permission: effectivePermission(config) });
    const summary = await stop.during(coordinator, () => coordinator.resume({ ...request, options }));
    return toRunResult(coordinator.state, summary, !(await new RunStore(project).isNewest(runId)));
  });
}

/** If pwt was killed while gates ran, they go on, in checkouts that are used again. */
async function endGates(runId: string): Promise<void> {
  const [{ sweep }, { gateMark }] = await Promise.all([import('@pwt/process'), import('@pwt/merger')]);
  await sweep(gateMark(runId));
}
