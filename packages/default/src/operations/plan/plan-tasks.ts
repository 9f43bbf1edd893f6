import { tokens } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import type { Composition } from '../../composition/composition.js';
import { ownTokens } from '../../composition/own-tokens.js';
import { providerName } from '../../composition/plugin-parts.js';
import type { BranchTip } from '../../project/project.js';
import { RunStore } from '../../project/run-store.js';
import { composePlan } from './compose-plan.js';
import { landedBefore } from './landed-before.js';
import type { PlanRequest } from './plan-request.js';

/** Plans the asked tasks, or all, as they would run on top of a target. Changes nothing. */
export async function planTasks(
  composition: Composition,
  { taskIds = [], ready = false }: PlanRequest,
  target: BranchTip,
): Promise<Plan> {
  const { project, config, plugins, container } = composition;
  const [sources, separator, experience] = await Promise.all([
    container.resolve(ownTokens.namedSources),
    container.resolve(tokens.separator),
    container.resolve(ownTokens.experience),
  ]);
  const name = providerName(plugins, 'separator');
  return composePlan({
    project,
    config,
    sources,
    separator: { name, separator },
    target,
    taskIds,
    ready,
    experience: experience.recall(),
    landedBefore: landedBefore(new RunStore(project), project.git, target),
  });
}
