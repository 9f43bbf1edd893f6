import type { TaskConflict } from '@pwt/claims';
import { conflictingAmong, type TaskClaim } from '@pwt/claims';
import type { TaskClaims } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import type { Plan } from '../plan.js';

/** Hot files with the same tasks: they are one resource, for which these tasks run one after the other. */
export interface HotFileGroup {
  /** A tracked file, or a path that two claims match. */
  readonly path: string;
  /** Other paths with exactly these tasks, sorted. Where patterns match many files, only the first of those. */
  readonly others: readonly string[];
  /** How many paths that is in all, also those that are not listed. */
  readonly count: number;
  /** In the order of the plan. */
  readonly tasks: readonly string[];
  /** The claims on {@link path} and the others that keep the tasks apart, by task in the order of the plan. */
  readonly claims: readonly TaskClaim[];
}

/**
 * The hot files of a plan, those of the most tasks first. Pure.
 *
 * Tasks of unknown scope are left out, since they conflict with every other task on every path. Linear in claims and in
 * the files that patterns match. Conflicting pairs are only needed for patterns that overlap where there is no file yet.
 */
export function hotFileGroups(
  { claims, table, tree }: Pick<Plan, 'claims' | 'table' | 'tree'>,
  conflicts: readonly TaskConflict[],
): readonly HotFileGroup[] {
  const groups = new Groups(claims);
  const alone = new Set(claims.filter(({ unknownScope }) => unknownScope).map(({ taskId }) => taskId));
  const hot = table.hotFiles({ tree: FileTree.of(tree), except: alone });
  for (const { path, files, claims: all } of hot) groups.add(path, files, conflictingAmong(all));
  for (const { tasks, witness, mine, theirs } of conflicts) {
    const [a, b] = tasks;
    if (alone.has(a) || alone.has(b) || groups.have(a, b)) continue;
    groups.add(witness, 1, [
      { taskId: a, claim: mine },
      { taskId: b, claim: theirs },
    ]);
  }
  return groups.ranked();
}

interface Group {
  readonly tasks: readonly string[];
  /** Each with the number of paths it stands for. */
  readonly paths: Map<string, number>;
  readonly claims: Set<TaskClaim>;
}

/** Paths, grouped by their tasks. */
class Groups {
  readonly #order: ReadonlyMap<string, number>;
  readonly #groups = new Map<string, Group>();
  readonly #ofTask = new Map<string, Set<string>>();

  constructor(claims: readonly TaskClaims[]) {
    this.#order = new Map(claims.map(({ taskId }, at) => [taskId, at]));
  }

  add(path: string, files: number, claims: readonly TaskClaim[]): void {
    const tasks = this.#sorted([...new Set(claims.map(({ taskId }) => taskId))], (id) => id);
    const key = tasks.join('\0');
    const group = this.#groups.get(key) ?? { tasks, paths: new Map(), claims: new Set() };
    group.paths.set(path, files);
    for (const claim of claims) group.claims.add(claim);
    this.#groups.set(key, group);
    for (const id of tasks) this.#ofTask.set(id, (this.#ofTask.get(id) ?? new Set()).add(key));
  }

  /** Whether two tasks are in one group already. */
  have(a: string, b: string): boolean {
    const keys = this.#ofTask.get(b);
    return keys !== undefined && [...(this.#ofTask.get(a) ?? [])].some((key) => keys.has(key));
  }

  ranked(): readonly HotFileGroup[] {
    return [...this.#groups.values()]
      .map(({ tasks, paths, claims }) => {
        const [path = '', ...others] = [...paths.keys()].sort();
        const count = [...paths.values()].reduce((total, files) => total + files, 0);
        return {
          path,
          others,
          count,
          tasks,
          claims: this.#sorted([...claims], ({ taskId }) => taskId),
        };
      })
      .sort((a, b) => b.tasks.length - a.tasks.length || (a.path < b.path ? -1 : 1));
  }

  #sorted<T>(items: T[], idOf: (item: T) => string): T[] {
    const place = (item: T) => this.#order.get(idOf(item)) ?? 0;
    return items.sort((a, b) => place(a) - place(b));
  }
}
