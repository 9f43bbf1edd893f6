import { ownTokens } from '../parts/composition.js';
import type { PwtCoordinator } from '../pwt-coordinator.js';
import type { Plan } from './compose-plan.js';
import { namesFor } from './load-tasks.js';
import { existingIds, selectIds } from './select-ids.js';

/** A plan of all tasks, and which of them a user means. */
export interface SelectedPlan {
  readonly plan: Plan;
  /** In the order in which they were typed, each once. */
  readonly ids: readonly string[];
}

/**
 * Plans everything there is, so that tasks can be seen in their surroundings, and reads ids as users type them.
 *
 * @throws PwtError as `PwtCoordinator.plan`
 */
export async function planAround(
  coordinator: PwtCoordinator,
  typed: readonly string[],
): Promise<SelectedPlan> {
  const { container } = await coordinator.session();
  const selection = selectIds(typed, namesFor(await container.resolve(ownTokens.namedSources)));
  const plan = await coordinator.plan();
  const known = new Set(plan.tasks.map(({ id }) => id));
  return { plan, ids: existingIds(selection, (id) => known.has(id), 'See which tasks there are: pwt plan') };
}
