import { hasCode, isElsewhere, type RunState, shellQuote, type TaskState, type Workspace } from '@pwt/core';
import type { RunStore } from '../../project/run-store.js';

/** Why a workspace is not touched, whatever the flags; `undefined` if nothing uses it. */
export type InUse = (workspace: Workspace) => Promise<string | undefined>;

/**
 * Says which workspaces are in use: those of a run that has not finished, alive or not, because `resume` goes on in
 * them; and those in which a process lives, or whose agent still does.
 *
 * @param activeRun the run that a live process drives
 */
export function findUsers(runs: RunStore, activeRun: string | undefined): InUse {
  const states = new Map<string, Promise<RunState | undefined>>();
  return async (workspace) => {
    const { runId, taskId } = workspace;
    if (runId === activeRun) return `run ${runId} is active. To stop it: pwt stop`;
    if (!states.has(runId)) states.set(runId, readable(runs, runId));
    const state = await states.get(runId);
    if (state !== undefined && state.status !== 'finished') return unfinished(runId, taskId);
    // What lives on another machine, its provider knows.
    if (isElsewhere(workspace)) return undefined;
    return (await livingAgent(state?.tasks.get(taskId ?? ''))) ?? (await resident(workspace));
  };
}

function unfinished(runId: string, taskId: string | undefined): string {
  const goOn = `run ${runId} has not finished. To go on with it: pwt resume ${runId}`;
  return taskId === undefined
    ? goOn
    : `${goOn}. To give this task up: pwt clean --abandon ${shellQuote(taskId)}`;
}

async function livingAgent(task: TaskState | undefined): Promise<string | undefined> {
  const mark = task?.agent?.mark;
  if (typeof mark !== 'string') return undefined;
  const { findMarked } = await import('@pwt/process');
  const [first] = await findMarked(mark);
  return first && `something that its agent has started still runs (process ${first.pid})`;
}

async function resident({ path }: Workspace): Promise<string | undefined> {
  const { findResidents } = await import('@pwt/process');
  const [first, ...more] = await findResidents(path);
  if (first === undefined) return undefined;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `a process works in it: ${first.name} (${first.pid})${others}`;
}

async function readable(runs: RunStore, runId: string): Promise<RunState | undefined> {
  try {
    return (await runs.readable(runId)).state;
  } catch (error) {
    if (hasCode(error, 'PWT_RUN_UNKNOWN')) return undefined;
    throw error;
  }
}
