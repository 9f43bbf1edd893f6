import { join } from 'node:path';
import {
  type CommitId,
  defined,
  type Gate,
  type GatedState,
  type GatePurpose,
  hasCode,
  subjectName,
  type Verdict,
  type WorkSubject,
} from '@pwt/core';
import { checkPaths, checkRemoved, checkVerdict, checkWorkspace } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { tidyUp } from './clean-up.js';
import { knownVerdict, recordVerdict, treeOf } from './known-verdicts.js';

/** A commit that is to be gated. */
export interface GateJob {
  /** See `GatedState`. */
  readonly taskIds: readonly string[];
  readonly onto: CommitId;
  readonly commit: CommitId;
  readonly purpose: GatePurpose;
  /** @default the merger is asked */
  readonly tree?: string | undefined;
  /** The gate is run even if a verdict on the tree is known. */
  readonly again?: boolean;
  /** See `GateRequest`. */
  readonly complete?: boolean;
  /** Called with the file of its output if the gate is run, and no verdict is known. */
  readonly onStart?: (logFile: string) => void;
  /** Ends the gate when its verdict is not needed any more. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs the gate on exactly this commit, in a scratch checkout, or takes the verdict that it gave on the same tree. The log
 * has what is tested before the gate starts, and the verdict after it.
 *
 * @returns `undefined` if the gate was ended early, so that it says nothing about the commit
 */
export async function runGate(context: RunContext, gate: Gate, job: GateJob): Promise<Verdict | undefined> {
  const { log, stop } = context;
  const { taskIds, onto, commit, purpose } = job;
  const tree = job.tree ?? (await treeOf(context, commit));
  const state: GatedState = { taskIds, onto, commit, purpose, ...defined({ tree }) };
  const known = job.again ? undefined : await knownVerdict(context, gate, state, job.complete);
  if (known !== undefined) {
    const { fingerprint } = gate;
    if (!log.state.verdicts.has(commit))
      await log.append({
        type: 'gate-finished',
        ...state,
        ...defined({ fingerprint }),
        verdict: known,
        known: true,
      });
    return known;
  }
  const signals = [stop.signal, ...(job.abortSignal === undefined ? [] : [job.abortSignal])];
  const abortSignal = AbortSignal.any(signals);
  if (abortSignal.aborted) return undefined;
  const logFile = logFileOf(context, job);
  await log.append({ type: 'gate-started', ...state, logFile });
  job.onStart?.(logFile);
  try {
    const verdict = await judged(context, gate, job, { logFile, abortSignal });
    if (abortSignal.aborted) return await stopped(context, commit);
    await recordVerdict(context, gate, state, verdict);
    return verdict;
  } catch (error) {
    if (abortSignal.aborted && hasCode(error, 'PWT_ABORTED')) return await stopped(context, commit);
    await log.append({ type: 'gate-stopped', commit });
    throw error;
  }
}

async function stopped({ log }: RunContext, commit: CommitId): Promise<undefined> {
  await log.append({ type: 'gate-stopped', commit });
  return undefined;
}

async function judged(
  context: RunContext,
  gate: Gate,
  job: GateJob,
  where: { readonly logFile: string; readonly abortSignal: AbortSignal },
): Promise<Verdict> {
  const { provider } = context.parts;
  const { runId } = context;
  const { commit, complete } = job;
  const { logFile, abortSignal } = where;
  const scratch = await provider.scratch({ runId, commit, abortSignal });
  const workspace = checkWorkspace(provider.name, 'scratch', scratch);
  try {
    const subject = subjectOf(job);
    const changedPaths = await changedPathsOf(context, job);
    const request = { runId, subject, commit, workspace, logFile, abortSignal };
    const verdict = await gate.run({ ...request, ...defined({ changedPaths, complete }) });
    return checkVerdict(gate.name, verdict);
  } finally {
    await tidyUp(context, async () => {
      checkRemoved(provider.name, await provider.remove({ workspace, force: ['dirty', 'unmerged'] }));
    });
  }
}

function subjectOf({ taskIds }: GateJob): WorkSubject {
  return taskIds.length === 0 ? { kind: 'target' } : { kind: 'tasks', taskIds };
}

/** In which paths the commit differs from the tip that it was made on; `undefined` for that tip itself. */
async function changedPathsOf(
  { parts }: RunContext,
  { onto: from, commit: to }: GateJob,
): Promise<readonly string[] | undefined> {
  if (from === to) return undefined;
  const paths = await parts.merger.changedPaths?.({ from, to });
  return paths && checkPaths(parts.merger.name, 'changedPaths', paths);
}

/** So many tasks are in the name of a log file. */
const NAMED = 4;

/** A file of its own for each run of the gate. */
function logFileOf({ log, runDir }: RunContext, job: GateJob): string {
  const { taskIds, commit } = job;
  const shown = subjectName(subjectOf({ ...job, taskIds: taskIds.slice(0, NAMED) }));
  const more = taskIds.length > NAMED ? `+${taskIds.length - NAMED}-more` : '';
  return join(runDir, 'gate', `${shown}${more}-${commit.slice(0, 12)}-${log.state.seq}.log`);
}
