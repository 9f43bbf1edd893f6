import { tokens } from '@pwt/core';
import type { Plan } from '@pwt/planner';
import { ownTokens, providerName } from '../../composition/compose-parts.js';
import type { Session } from '../../composition/composition.js';
import type { BranchTip } from '../../project/project.js';
import { RunStore } from '../../project/run-store.js';
import { composePlan } from './compose-plan.js';
import { landedBefore } from './landed-before.js';

/** Plans the asked tasks, or all, as they would run on top of a target. Changes nothing. */
export async function planSession(
  session: Session,
  taskIds: readonly string[],
  target: BranchTip,
): Promise<Plan> {
  const { project, config, plugins, container } = session;
  const [sources, separator] = await Promise.all([
    container.resolve(ownTokens.namedSources),
    container.resolve(tokens.separator),
  ]);
  const name = providerName(plugins, 'separator');
  return composePlan({
    project,
    config,
    sources,
    separator: { name, separator },
    target,
    taskIds,
    landedBefore: landedBefore(new RunStore(project), project.git, target),
  });
}
