import type { Plan, PlanReview } from '@pwt/planner';

/** How two tasks stand to each other. `waits`: the first waits for the second, maybe by way of others. */
export type PairRelation = 'conflict' | 'possible' | 'waits' | 'awaited' | 'independent';

/** Answers for any two tasks of a plan; a conflict before a dependency. For plans whose pairs are listed. */
export function pairRelations(
  { tasks, claims }: Plan,
  { analysis }: PlanReview,
): (a: string, b: string) => PairRelation {
  const known = new Map<string, PairRelation>();
  const put = (a: string, b: string, relation: PairRelation, reverse: PairRelation) => {
    known.set(`${a}\0${b}`, relation);
    known.set(`${b}\0${a}`, reverse);
  };
  const needs = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  for (const { id } of tasks) for (const other of reachable(id, needs)) put(id, other, 'waits', 'awaited');
  for (const {
    tasks: [a, b],
  } of analysis.possible) {
    if (!known.has(`${a}\0${b}`)) put(a, b, 'possible', 'possible');
  }
  for (const {
    tasks: [a, b],
  } of analysis.conflicts)
    put(a, b, 'conflict', 'conflict');
  const alone = new Set(claims.filter(({ unknownScope }) => unknownScope).map(({ taskId }) => taskId));
  return (a, b) => (alone.has(a) || alone.has(b) ? 'conflict' : (known.get(`${a}\0${b}`) ?? 'independent'));
}

/** All that a task waits for, directly or not; without itself, should it be in a cycle. */
function reachable(id: string, needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(needs.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id || found.has(next)) continue;
    found.add(next);
    open.push(...(needs.get(next) ?? []));
  }
  return found;
}
