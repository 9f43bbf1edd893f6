import type { Plan } from '@pwt/planner';
import { ownTokens } from '../../composition/own-tokens.js';
import type { OperationContext } from '../operation-context.js';
import { namesFor } from './load-tasks.js';
import { plan } from './plan.js';
import { existingIds, selectIds } from './select-ids.js';

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
  const left = selection.filter(({ names, range }) => ![...names, ...range].some((id) => here.has(id)));
  const whole =
    left.length === 0
      ? open
      : await plan(context, { taskIds: [...here, ...left.map((named) => named.typed)] });
  const known = idsOf(whole);
  const ids = existingIds(selection, (id) => known.has(id), 'See which tasks there are: pwt plan');
  return { plan: whole, ids };
}

function idsOf({ tasks }: Plan): ReadonlySet<string> {
  return new Set(tasks.map(({ id }) => id));
}
