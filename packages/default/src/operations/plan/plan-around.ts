import type { Plan } from '@pwt/planner';
import { ownTokens } from '../../composition/own-tokens.js';
import type { OperationContext } from '../operation-context.js';
import { namesFor } from './load-tasks.js';
import { plan } from './plan.js';
import { existingIds, namedBy, selectIds } from './select-ids.js';
import { groupOf } from './task-groups.js';

/** A plan of all tasks, and which of them a user means. */
export interface SelectedPlan {
  readonly plan: Plan;
  /** In the order in which they were typed, each once. */
  readonly ids: readonly string[];
}

/**
 * Plans everything there is, so that tasks can be seen in their surroundings, and reads ids as users type them.
 * Tasks that have landed are part of it only if they are named.
 */
export async function planAround(context: OperationContext, typed: readonly string[]): Promise<SelectedPlan> {
  const { container } = await context.compose();
  const selection = selectIds(typed, namesFor(await container.resolve(ownTokens.namedSources)));
  const open = await plan(context);
  const here = idsOf(open);
  const left = selection.filter(
    (one) => namedBy(one, (id) => here.has(id)).length === 0 && groupOf(one.typed, open.tasks).length === 0,
  );
  const whole =
    left.length === 0
      ? open
      : await plan(context, { taskIds: [...here, ...left.map((named) => named.typed)] });
  const ids = existingIds(selection, whole.tasks, 'See which tasks there are: pwt plan');
  return { plan: whole, ids };
}

function idsOf({ tasks }: Plan): ReadonlySet<string> {
  return new Set(tasks.map(({ id }) => id));
}
