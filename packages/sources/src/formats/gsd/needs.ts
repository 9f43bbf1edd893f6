import { means, type PlanName } from './plan-name.js';
import { plainPhase, type Roadmap } from './roadmap.js';

/** A plan, as far as the order of plans needs it. */
export interface OrderedPlan extends PlanName {
  /** `depends_on`, as written; absent if the plan does not say. */
  readonly dependsOn?: readonly string[];
  readonly wave?: number;
}

/**
 * What each plan waits for, as GSD runs them: those of its phase that it depends on, or all of earlier waves where it says nothing;
 * the first ones of a phase wait for the phases before, as the roadmap names them, or else for the one before it.
 */
export function planNeeds(
  plans: readonly OrderedPlan[],
  roadmap: Roadmap,
): ReadonlyMap<string, readonly string[]> {
  const phases = new Map<string, OrderedPlan[]>();
  for (const plan of plans) {
    const phase = plainPhase(plan.phase);
    phases.set(phase, [...(phases.get(phase) ?? []), plan]);
  }
  const numbers = [...new Set([...phases.keys(), ...roadmap.phases.keys(), ...roadmap.needs.keys()])].sort(
    comparePhases,
  );
  const result = new Map<string, readonly string[]>();
  const ends = new Map<string, readonly string[]>();
  for (const [at, number] of numbers.entries()) {
    const own = phases.get(number) ?? [];
    const before = roadmap.needs.get(number) ?? numbers.slice(Math.max(0, at - 1), at);
    const gates = [...new Set(before.flatMap((phase) => ends.get(phase) ?? []))];
    for (const plan of own) {
      const inside = insideNeeds(plan, own);
      const outside = namedOutside(plan, plans, own);
      result.set(plan.id, [...new Set([...inside, ...outside, ...(inside.length > 0 ? [] : gates)])]);
    }
    // A phase without plans stands for what it waits for itself.
    const awaited = new Set(own.flatMap((plan) => insideNeeds(plan, own)));
    const last = own.filter(({ id }) => !awaited.has(id)).map(({ id }) => id);
    ends.set(number, own.length === 0 ? gates : last);
  }
  return result;
}

function insideNeeds(plan: OrderedPlan, own: readonly OrderedPlan[]): readonly string[] {
  const others = own.filter(({ id }) => id !== plan.id);
  const { dependsOn, wave } = plan;
  if (dependsOn)
    return others.filter((other) => dependsOn.some((name) => means(name, other))).map(({ id }) => id);
  if (wave === undefined) return [];
  return others.filter((other) => other.wave !== undefined && other.wave < wave).map(({ id }) => id);
}

function namedOutside(
  { dependsOn = [] }: OrderedPlan,
  plans: readonly OrderedPlan[],
  own: readonly OrderedPlan[],
): readonly string[] {
  return plans
    .filter((other) => !own.includes(other) && dependsOn.some((name) => means(name, other)))
    .map(({ id }) => id);
}

const collator = new Intl.Collator('en', { numeric: true });

function comparePhases(a: string, b: string): number {
  return collator.compare(a, b);
}
