import { type PwtError, type ResourceSample, type RunState, tokens } from '@pwt/core';
import { readLockHolder } from '../../project/run-lock.js';
import { RECENT_RUNS } from '../../project/run-store.js';
import type { OperationContext } from '../operation-context.js';
import { withoutRemoved } from './clean-steps.js';
import { lookAgain, mayBePutRight } from './look-again.js';
import { type Status, toStatus } from './status.js';

export interface ReadRunRequest {
  /** @default the newest run */
  readonly runId?: string;
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

/** A run with its recorded state, without measuring anything; `undefined` if there has been none. */
export async function readRun(
  context: OperationContext,
  { runId }: ReadRunRequest = {},
): Promise<ReadRun | undefined> {
  const { project, runs } = context;
  const [found, holder] = await Promise.all([
    runId === undefined
      ? runs.latest().then((state) => (state ? { state } : undefined))
      : runs.readable(runId),
    readLockHolder(project),
  ]);
  if (found === undefined) return undefined;
  const active = holder?.alive === true && holder.runId === found.state.runId;
  const named = runId !== undefined && !(await runs.isNewest(runId));
  const state = await withoutRemoved(found.state);
  return { ...found, state: active ? state : await lookedAgain(context, state), active, named };
}

/** The status of a repository, from any process. */
export async function status(context: OperationContext, request: ReadRunRequest = {}): Promise<Status> {
  const [run, damaged] = await Promise.all([
    readRun(context, request),
    context.runs.damaged({ newest: RECENT_RUNS }),
  ]);
  const sample = await sampled(context, run);
  const { state, active = false, named = false } = run ?? {};
  return toStatus({ state, active, named, damaged, sample, now: Date.now() });
}

/** How long the load is waited for, where it comes from elsewhere. */
const PATIENCE_MS = 5000;

/** The load now. Of a run that goes on on other machines, its process has just recorded it. */
async function sampled(
  { compose, project }: OperationContext,
  run: ReadRun | undefined,
): Promise<ResourceSample> {
  const { resources } = run?.state ?? {};
  if (run?.active && resources?.machines !== undefined) return resources;
  const { container, plugins } = await compose();
  const isOurs = plugins.every(({ plugin }) => plugin.provides.resourceMonitor === undefined);
  const ofPlugin = async () => {
    const monitor = await container.resolve(tokens.resourceMonitor);
    return monitor.sample({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });
  };
  if (isOurs) return ofPlugin();
  // How things stand is known without what measures elsewhere: doctor says what is wrong with that.
  return ofPlugin().catch(async () => {
    const { makeResourceMonitor } = await import('../../composition/parts/resource-monitor.js');
    return makeResourceMonitor(project).sample();
  });
}

async function lookedAgain({ compose }: OperationContext, state: RunState): Promise<RunState> {
  if (!mayBePutRight(state)) return state;
  const { container } = await compose();
  return lookAgain(state, await container.resolve(tokens.repositoryObserver));
}
