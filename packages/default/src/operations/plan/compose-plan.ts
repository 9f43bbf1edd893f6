import type { Experience } from '@pwt/coordinator';
import type { Separator, Task } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import type { NamedSource } from '../../composition/parts/named-source.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import { readPaths } from '../../project/base-paths.js';
import type { BranchTip, Project } from '../../project/project.js';
import { checkClaims, checkDiagnostics } from './guard.js';
import { type LandedBefore, landedDiagnostics } from './landed-before.js';
import { loadTasks } from './load-tasks.js';
import { areLeftOut, noTasks, otherFormats } from './no-tasks.js';
import { readyAmong } from './ready.js';
import { runTogether, type Scopes } from './unknown-scope.js';

export interface ComposePlanRequest {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly sources: readonly NamedSource[];
  readonly separator: { readonly name: string; readonly separator: Separator };
  readonly target: BranchTip;
  /** Ids as a user types them; empty for all tasks but those that are done. */
  readonly taskIds: readonly string[];
  /** Only tasks that depend on no unfinished task. */
  readonly ready: boolean;
  readonly landedBefore: LandedBefore;
  /** What earlier runs have taken. */
  readonly experience: Promise<Experience>;
}

/**
 * Loads the tasks, has their claims read, checks what plugins returned, and schedules. Changes nothing.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_DUPLICATE`, `PWT_PLUGIN_MISBEHAVED`
 */
export async function composePlan(request: ComposePlanRequest): Promise<Plan> {
  const { project, config, sources, target, taskIds } = request;
  const base = target.commit;
  const [loaded, paths, others, { FileTree, parsePattern }, { makePlan }, { withScopes }] = await Promise.all(
    [
      loadTasks(sources, taskIds),
      readPaths(project.git, base),
      taskIds.length === 0 ? otherFormats(project, config) : [],
      import('@pwt/scope'),
      import('@pwt/planner'),
      import('../../scopes/with-scopes.js'),
    ],
  );
  const { name, separator } = request.separator;
  const landed = taskIds.length === 0 ? await request.landedBefore(loaded.tasks) : new Map<string, string>();
  const scoped = await withScopes(
    project.root,
    loaded.tasks.filter((task) => !landed.has(task.id)),
  );
  const open = scoped.tasks;
  const finished = request.ready ? await finishedIds(request, landed) : landed;
  const { tasks, diagnostics: waiting } = request.ready
    ? readyAmong(open, (id) => finished.has(id))
    : { tasks: open, diagnostics: [] };
  const areNone = taskIds.length === 0 && loaded.tasks.length === 0;
  const tree = FileTree.from(paths);
  const separation = await separator.separate({ tasks, tree, root: project.root });
  const separated: Scopes = {
    claims: checkClaims(name, tasks, separation?.claims, parsePattern),
    diagnostics: checkDiagnostics(name, separation.diagnostics),
  };
  const { claims, diagnostics } = config.unknownScope === 'together' ? runTogether(separated) : separated;
  return makePlan({
    ...{ target: target.branch, base, tree, tasks, claims },
    measured: measuredTimes(tasks, await request.experience),
    ...{ maxInstances: config.maxInstances, separation: config.separation },
    diagnostics: [
      ...loaded.diagnostics,
      ...scoped.diagnostics,
      ...(areNone && !areLeftOut(loaded.diagnostics) ? [await noTasks(project, config)] : others),
      ...landedDiagnostics(landed),
      ...waiting,
      ...diagnostics,
    ],
    exists: taskIds.length === 0 ? (id) => finished.has(id) : () => true,
  });
}

/** The tasks that have landed, also those that were not asked for. */
async function finishedIds(
  { sources, taskIds, landedBefore }: ComposePlanRequest,
  landed: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  return taskIds.length === 0 ? landed : landedBefore((await loadTasks(sources, [])).tasks);
}

function measuredTimes(tasks: readonly Task[], experience: Experience): ReadonlyMap<string, number> {
  return new Map(
    tasks.flatMap((task) => {
      const ms = experience.agentMs(task);
      return ms === undefined ? [] : [[task.id, ms] as const];
    }),
  );
}
