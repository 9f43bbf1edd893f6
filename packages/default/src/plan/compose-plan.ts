import type { SchedulePlan } from '@pwt/coordinator';
import type { CommitId, Diagnostic, FileTree, Separator, Task, TaskClaims } from '@pwt/core';
import { listPaths } from '@pwt/git';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { BranchTip, Project } from '../project/project.js';
import { checkClaims, checkDiagnostics } from './guard.js';
import { type LandedBefore, landedDiagnostics } from './landed-before.js';
import { loadTasks, type NamedSource } from './load-tasks.js';

const CYCLE = 'PWT_DEPENDENCY_CYCLE';

/** Which tasks there are, what they claim, and in which order they would run. */
export interface Plan {
  /** The branch on which the work would land, without `refs/heads/`. */
  readonly target: string;
  /** The commit that the plan is made for: the target's tip. */
  readonly base: CommitId;
  /** What is tracked at that commit. */
  readonly tree: FileTree;
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  readonly schedule: SchedulePlan;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ComposePlanRequest {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly sources: readonly NamedSource[];
  readonly separator: { readonly name: string; readonly separator: Separator };
  readonly target: BranchTip;
  /** Ids as a user types them; empty for all tasks but those that are done. */
  readonly taskIds: readonly string[];
  readonly landedBefore: LandedBefore;
}

/**
 * Loads the tasks, has their claims read, checks what plugins returned, and schedules. Changes nothing.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_DUPLICATE`, `PWT_PLUGIN_MISBEHAVED`
 */
export async function composePlan(request: ComposePlanRequest): Promise<Plan> {
  const { project, config, sources, target, taskIds } = request;
  const base = target.commit;
  const [loaded, paths, { parsePattern }, { planSchedule }] = await Promise.all([
    loadTasks(sources, taskIds),
    listPaths(project.git, base),
    import('@pwt/scope'),
    import('@pwt/coordinator'),
  ]);
  const { name, separator } = request.separator;
  const landed = taskIds.length === 0 ? await request.landedBefore(loaded.tasks) : new Map<string, string>();
  const tasks = loaded.tasks.filter((task) => !landed.has(task.id));
  const tree = { paths };
  const separation = await separator.separate({ tasks, tree });
  const claims = checkClaims(name, tasks, separation?.claims, parsePattern);
  const { maxInstances, separation: policy } = config.options;
  const schedule = planSchedule({ tasks, claims, maxInstances, separation: policy });
  const diagnostics = [
    ...loaded.diagnostics,
    ...landedDiagnostics(landed),
    ...checkDiagnostics(name, separation.diagnostics),
    ...outsideDependencies(tasks),
  ];
  if (!diagnostics.some(({ code }) => code === CYCLE)) diagnostics.push(...cycleDiagnostics(schedule.cyclic));
  return { target: target.branch, base, tree, tasks, claims, schedule, diagnostics };
}

/** Dependencies on tasks that are not part of the plan count as done; that is said, not hidden. */
function outsideDependencies(tasks: readonly Task[]): Diagnostic[] {
  const planned = new Set(tasks.map((task) => task.id));
  return tasks.flatMap((task) => {
    const outside = task.dependsOn.filter((id) => !planned.has(id));
    if (outside.length === 0) return [];
    return [
      {
        code: 'PWT_DEPENDENCY_OUTSIDE',
        severity: 'info',
        taskId: task.id,
        message: `Task ${task.id} depends on ${outside.join(', ')}, not part of this plan: taken as done.`,
        ...(task.specs[0] ? { file: task.specs[0].path } : {}),
      } satisfies Diagnostic,
    ];
  });
}

function cycleDiagnostics(cyclic: readonly string[]): Diagnostic[] {
  if (cyclic.length === 0) return [];
  const message = `Tasks ${cyclic.join(', ')} wait, in the end, for themselves and can never start.`;
  return [{ code: CYCLE, severity: 'error', message, hint: 'Take one of the dependencies out.' }];
}
