import { type Diagnostic, defined, type RepositoryState, tokens } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { approveCommands } from '../../approval/approve-commands.js';
import type { Composition } from '../../composition/composition.js';
import { ownTokens } from '../../composition/own-tokens.js';
import { budgetOf } from '../../config/budget.js';
import { completeConfig } from '../../config/resolve.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import { runOptions } from '../../config/run-options.js';
import type { WrittenConfig } from '../../config/written-config.js';
import { resolveTarget } from '../../project/project.js';
import { withRunLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import type { PlanRequest } from '../plan/plan-request.js';
import { planTasks } from '../plan/plan-tasks.js';
import { hooksNote } from './hooks-note.js';
import { labelsNote } from './labels-note.js';
import { makeReady } from './make-ready.js';
import { preflight } from './preflight.js';
import { settingsToRecord } from './recorded-config.js';
import { trustForRun } from './require-trust.js';
import { emptyRunResult, type RunResult, toRunResult } from './run-result.js';
import { unmarkedNote } from './unmarked-note.js';
import { unmeasuredCaps } from './unmeasured-caps.js';
import { withheldNote } from './withheld-note.js';

export interface RunRequest extends PlanRequest {
  /** Let the agent work unattended. @default as configured */
  readonly autoApprove?: boolean;
  /** Trust what has come into the repository's git configuration since the last run. @default false */
  readonly trustGitConfig?: boolean;
}

/** Plans and runs tasks, and lands what passes. No task is recorded before every precondition holds. */
export async function run(context: OperationContext, request: RunRequest = {}): Promise<RunResult> {
  const { taskIds, ready, autoApprove, trustGitConfig = false } = request;
  const { approvals, stop, overrides } = context;
  const config = autoApprove === undefined ? context.config : withSettings(context, { autoApprove });
  await approveCommands(context.project, config.repositoryCommands, approvals);
  const project = await trustForRun(context.project, trustGitConfig);
  return startRun(await context.compose(config, project), {
    asked: defined({ taskIds, ready }),
    stop,
    overrides,
  });
}

interface StartRequest extends Pick<OperationContext, 'stop' | 'overrides'> {
  readonly asked: PlanRequest;
}

async function startRun(
  composition: Composition,
  { asked, stop, overrides }: StartRequest,
): Promise<RunResult> {
  const { project, config, container } = composition;
  // A missing agent, or one that can't be started, is reported before anything is made.
  const { effectivePermission } = await import('../../composition/parts/agent-launcher.js');
  const permission = effectivePermission(config);
  const [agents] = await Promise.all([
    container.resolve(tokens.agentLauncher).then((launcher) => launcher.check({ permission })),
    container.resolve(tokens.workspaceProvider).then((provider) => provider.check?.()),
    container.resolve(tokens.merger).then((merger) => merger.check?.()),
  ]);
  const { createRunId } = await import('@pwt/coordinator');
  const runId = createRunId(Date.now());
  return withRunLock(project, runId, async () => {
    const target = await resolveTarget(project, config.target);
    // Planning takes longer, so this costs no time.
    const observed = observe(composition, runId, target.branch);
    const plan = await planTasks(composition, asked, target);
    if (plan.tasks.length === 0) return emptyRunResult(plan.diagnostics, new Date());
    // The look at the machine waits for a sample of its load: the rest is made ready meanwhile.
    const ready = makeReady(project);
    ready.catch(() => undefined);
    const machine = await preflight(config, await container.resolve(tokens.resourceMonitor), project.env);
    const [{ damaged, unfinished }, hooks] = await Promise.all([ready, hooksNote(project)]);
    const launcher = await container.resolve(tokens.agentLauncher);
    const coordinator = await container.resolve(ownTokens.coordinator);
    const sources = await container.resolve(ownTokens.namedSources);
    const provider = await container.resolve(tokens.workspaceProvider);
    const summary = await stop.during(coordinator, () =>
      coordinator.start({
        runId,
        tasks: plan.tasks,
        claims: plan.claims,
        order: plan.schedule.order,
        diagnostics: [
          ...plan.diagnostics,
          ...(agents?.diagnostics ?? []),
          ...unmeasuredCaps(budgetOf(config), launcher),
          ...machine,
          ...unfinished,
          ...sequentialNote(plan),
          ...hooks,
          ...labelsNote(plan.tasks, provider),
          ...unmarkedNote(config, plan.tasks, sources),
        ],
        findings: [...damaged, ...withheldNote(composition, provider)],
        observed,
        target: target.branch,
        base: target.commit,
        options: runOptions({ ...config, permission }),
        settings: settingsToRecord(config, overrides),
      }),
    );
    return toRunResult(coordinator.state, summary);
  });
}

/** Begins to read the state of the repository. A failure is thrown when the result is awaited, which is optional. */
function observe({ container }: Composition, runId: string, target: string): Promise<RepositoryState> {
  const observed = container
    .resolve(tokens.repositoryObserver)
    .then((observer) => observer.observe({ target, runId, ownBranches: [] }));
  observed.catch(() => undefined);
  return observed;
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

function withSettings({ config, project }: OperationContext, settings: WrittenConfig): ResolvedConfig {
  const { written, file, repositoryCommands } = config;
  return { ...completeConfig(project.root, { ...written, ...settings }), file, repositoryCommands };
}
