import type { LandRunRequest } from '@pwt/coordinator';
import { type RunState, tokens } from '@pwt/core';
import { ownTokens } from '../../composition/compose-parts.js';
import type { Session } from '../../composition/composition.js';
import { completeConfig } from '../../config/resolve.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import { runOptions } from '../../config/run-options.js';
import type { WrittenConfig } from '../../config/written-config.js';
import { makePrivate } from '../../project/private-state.js';
import { withRunLock } from '../../project/run-lock.js';
import { RunStore } from '../../project/run-store.js';
import { type RunResult, toRunResult } from './run-result.js';
import type { StopSwitch } from './stop-switch.js';

/** The configuration a run was started with, with what the caller says now on top. */
export function recordedConfig(root: string, state: RunState, overrides: WrittenConfig): ResolvedConfig {
  const recorded = (state.settings?.config ?? {}) as WrittenConfig;
  // Approved when the run was started, or said by the caller: nothing is left to ask.
  return completeConfig(root, { ...recorded, ...overrides });
}

export interface ContinueRunRequest {
  /** Opened with {@link recordedConfig}. */
  readonly session: Session;
  readonly runId: string;
  readonly retry: readonly string[];
  readonly stop: StopSwitch;
}

/**
 * Goes on with a run.
 *
 * @throws PwtError `PWT_RUN_LOCKED`, what the workspace provider's `check` throws, and the coordinator's `resume`
 */
export async function continueRun({ session, runId, retry, stop }: ContinueRunRequest): Promise<RunResult> {
  const { project, config, container } = session;
  // Said before anything starts over; agents that are still running go on.
  await (await container.resolve(tokens.workspaceProvider)).check?.();
  return withRunLock(project, runId, async () => {
    await makePrivate(project.stateDir);
    const coordinator = await container.resolve(ownTokens.coordinator);
    const { effectivePermission } = await import('../../composition/parts/agent-launcher.js');
    const options = runOptions({ ...config, permission: effectivePermission(config) });
    const summary = await stop.during(coordinator, () => coordinator.resume({ runId, retry, options }));
    return toRunResult(coordinator.state, summary, !(await new RunStore(project).isNewest(runId)));
  });
}

/**
 * Lands what a run has integrated, and starts nothing.
 *
 * @throws PwtError `PWT_RUN_LOCKED`, and what the coordinator's `land` throws
 */
export async function landRun(session: Session, request: LandRunRequest): Promise<RunResult> {
  const { runId } = request;
  return withRunLock(session.project, runId, async () => {
    const coordinator = await session.container.resolve(ownTokens.coordinator);
    const summary = await coordinator.land(request);
    return toRunResult(coordinator.state, summary, !(await new RunStore(session.project).isNewest(runId)));
  });
}

/** Gives tasks of a run up. @throws PwtError `PWT_RUN_LOCKED`, and what the coordinator's `abandon` throws */
export async function abandonTasks(
  session: Session,
  runId: string,
  taskIds: readonly string[],
): Promise<RunState> {
  return withRunLock(session.project, runId, async () => {
    const coordinator = await session.container.resolve(ownTokens.coordinator);
    await coordinator.abandon(runId, taskIds);
    return coordinator.state;
  });
}
