import { type PwtError, type RunState, tokens } from '@pwt/core';
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
  const { container } = await context.compose();
  const [run, damaged, sample] = await Promise.all([
    readRun(context, request),
    context.runs.damaged({ newest: RECENT_RUNS }),
    container.resolve(tokens.resourceMonitor).then((monitor) => monitor.sample()),
  ]);
  const { state, active = false, named = false } = run ?? {};
  return toStatus({ state, active, named, damaged, sample, now: Date.now() });
}

async function lookedAgain({ compose }: OperationContext, state: RunState): Promise<RunState> {
  if (!mayBePutRight(state)) return state;
  const { container } = await compose();
  return lookAgain(state, await container.resolve(tokens.repositoryObserver));
}
