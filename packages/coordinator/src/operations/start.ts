import {
  type CommitId,
  type Diagnostic,
  type Finding,
  hasCode,
  type JournalStore,
  PwtError,
  type RepositoryState,
  type RunOptions,
  type RunSummary,
  type Task,
  type TaskClaims,
} from '@pwt/core';
import { RunLoop } from '../loop/run-loop.js';
import type { RunLog } from '../run/run-log.js';
import type { RunSession } from './run-session.js';

export interface StartRunRequest {
  readonly runId: string;
  readonly tasks: readonly Task[];
  /** One entry per task. */
  readonly claims: readonly TaskClaims[];
  /** All ids, most preferred first; see `planSchedule`. */
  readonly order: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
  /** Findings from before the run. */
  readonly findings?: readonly Finding[];
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  /** The target's tip: the first tasks start from it. */
  readonly base: CommitId;
  readonly options: RunOptions;
  /** Whatever the composition root needs to compose the run again; recorded unchanged. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** An observation of the repository that is under way, so that the run waits for it less long. @default made here */
  readonly observed?: Promise<RepositoryState>;
}

/** Records the plan and runs it. */
export async function startRun(session: RunSession, request: StartRunRequest): Promise<RunSummary> {
  const { runId, target, base, options, settings = {}, diagnostics = [], findings = [] } = request;
  const { launcher, journals, merger } = session.options;
  const usableAgents = (await launcher.check({ permission: options.permission }))?.usable;
  await checkUnused(journals, runId);
  return session.record(runId, [], async (log) => {
    // The state has them at once, so they share a write, and what is computed from them waits for no disk.
    const recorded = Promise.all([
      log.append({ type: 'run-started', target, base, options, settings }),
      ...recordPlan(log, request.tasks, request.claims),
      log.append({ type: 'run-planned', order: request.order, diagnostics }),
      ...findings.map((finding) => log.append({ type: 'finding', finding })),
    ]);
    recorded.catch(() => undefined);
    const { context, landing } = await session.open(log, { usableAgents });
    await recorded;
    await Promise.all([
      merger.open({ runId, target, start: base }),
      context.lookout?.begin(request.observed),
    ]);
    return new RunLoop(context, landing).run();
  });
}

async function checkUnused(journals: JournalStore, runId: string): Promise<void> {
  try {
    await journals.read(runId);
  } catch (error) {
    if (hasCode(error, 'PWT_RUN_UNKNOWN')) return;
    throw error;
  }
  throw new PwtError('PWT_RUN_EXISTS', `There is a run ${runId} already.`, {
    hint: `Go on with it: pwt resume ${runId}`,
  });
}

function recordPlan(log: RunLog, tasks: readonly Task[], claims: readonly TaskClaims[]): Promise<void>[] {
  const byTask = new Map(claims.map((entry) => [entry.taskId, entry]));
  return tasks.map((task) => {
    const found = byTask.get(task.id) ?? { taskId: task.id, claims: [], unknownScope: false };
    return log.append({ type: 'task-planned', taskId: task.id, task, claims: found });
  });
}
