import { type Diagnostic, type Finding, type RepositoryState, tokens } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { ownTokens } from '../../composition/compose-parts.js';
import type { Session } from '../../composition/composition.js';
import { runOptions } from '../../config/run-options.js';
import { makePrivate } from '../../project/private-state.js';
import { type Project, resolveTarget } from '../../project/project.js';
import { withRunLock } from '../../project/run-lock.js';
import { RECENT_RUNS, RunStore } from '../../project/run-store.js';
import { planSession } from '../plan/plan-tasks.js';
import { preflight } from './preflight.js';
import { recordTrust } from './require-trust.js';
import { emptyRunResult, type RunResult, toRunResult } from './run-result.js';
import type { StopSwitch } from './stop-switch.js';
import { withheldNote } from './withheld-note.js';

export interface StartRunRequest {
  readonly session: Session;
  readonly taskIds: readonly string[];
  readonly stop: StopSwitch;
}

/**
 * Plans and runs tasks. No task is recorded before every precondition holds.
 *
 * @throws PwtError the preconditions of `resolveTarget`, `composePlan` and `preflight`, and `PWT_RUN_LOCKED`
 */
export async function startRun({ session, taskIds, stop }: StartRunRequest): Promise<RunResult> {
  const { project, config, container } = session;
  // Whoever is missing or can't be started is said before anything is made.
  const [{ effectivePermission }] = await Promise.all([
    import('../../composition/parts/agent-launcher.js'),
    container.resolve(tokens.agentLauncher).then((launcher) => launcher.check()),
    container.resolve(tokens.workspaceProvider).then((provider) => provider.check?.()),
  ]);
  const { createRunId } = await import('@pwt/coordinator');
  const runId = createRunId(Date.now());
  return withRunLock(project, runId, async () => {
    const target = await resolveTarget(project, config.target);
    // Planning and the look at the machine take longer: nobody waits for it.
    const observed = observe(session, runId, target.branch);
    const plan = await planSession(session, taskIds, target);
    if (plan.tasks.length === 0) return emptyRunResult(plan.diagnostics, new Date());
    // The look at the machine waits for a sample of its load: the rest is made ready meanwhile.
    const ready = makeReady(project);
    ready.catch(() => undefined);
    const machine = await preflight(config, await container.resolve(tokens.resourceMonitor), project.env);
    const { damaged, unfinished } = await ready;
    const coordinator = await container.resolve(ownTokens.coordinator);
    const summary = await stop.during(coordinator, () =>
      coordinator.start({
        runId,
        tasks: plan.tasks,
        claims: plan.claims,
        order: plan.schedule.order,
        diagnostics: [...plan.diagnostics, ...machine, ...unfinished, ...sequentialNote(plan)],
        findings: [...damaged, ...withheldNote(session)],
        observed,
        target: target.branch,
        base: target.commit,
        options: runOptions({ ...config, permission: effectivePermission(config) }),
        settings: { config: config.written },
      }),
    );
    return toRunResult(coordinator.state, summary);
  });
}

/** Puts the state in order, and looks for what earlier runs have left. */
async function makeReady(project: Project): Promise<{
  readonly damaged: readonly Finding[];
  readonly unfinished: readonly Diagnostic[];
}> {
  await makePrivate(project.stateDir);
  await recordTrust(project);
  const runs = new RunStore(project);
  return { damaged: await damagedRuns(runs), unfinished: await unfinishedNote(runs) };
}

/** Begins a look at the repository; whoever waits for it hears of a failure, and nobody has to. */
function observe({ container }: Session, runId: string, target: string): Promise<RepositoryState> {
  const observed = container
    .resolve(tokens.repositoryObserver)
    .then((observer) => observer.observe({ target, runId, ownBranches: [] }));
  observed.catch(() => undefined);
  return observed;
}

/** Said when an earlier run still holds worktrees and branches: the same tasks would collide with them. */
async function unfinishedNote(runs: RunStore): Promise<Diagnostic[]> {
  const latest = await runs.latest();
  if (latest === undefined || latest.status === 'finished') return [];
  return [
    {
      code: 'PWT_RUN_UNFINISHED',
      severity: 'warning',
      message: `Run ${latest.runId} has not finished; its worktrees, and agents that still work in them, stay.`,
      hint: `Go on with it instead: pwt resume ${latest.runId}`,
    },
  ];
}

/** Runs whose logs can't be read: what they have made, and agents that still work there, stay. */
async function damagedRuns(runs: RunStore): Promise<Finding[]> {
  return (await runs.damaged({ newest: RECENT_RUNS })).map(({ runId, damage: { message, hint } }) => ({
    kind: 'damaged',
    severity: 'warning',
    taskIds: [],
    message: `Run ${runId} is left alone: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  }));
}

/** Said when nothing can be done at the same time: the run is then one task after the other. */
function sequentialNote(plan: Plan): Diagnostic[] {
  const { tasks, schedule } = plan;
  if (tasks.length < 2 || schedule.predicted.speedup > 1.0001) return [];
  return [
    {
      code: 'PWT_SEQUENTIAL',
      severity: 'info',
      message: 'No two of these tasks can run at the same time: they run one after the other.',
    },
  ];
}
