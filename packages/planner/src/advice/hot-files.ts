import type { TaskConflict } from '@pwt/claims';
import { conflictingAmong, type HeldClaim } from '@pwt/claims';
import type { TaskClaims } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import type { Plan } from '../plan.js';

/** A path, or several with the same tasks, on which tasks must take turns: one resource, never a set of pairs. */
export interface HotFileGroup {
  /** A tracked file, or a path that two claims match. */
  readonly path: string;
  /** Other paths that exactly these tasks want; sorted. Where patterns match many files, the first of them. */
  readonly others: readonly string[];
  /** How many paths there are in all. */
  readonly count: number;
  /** In the order of the plan. */
  readonly tasks: readonly string[];
  /** The claims on {@link path} and the others that keep the tasks apart, by task in the order of the plan. */
  readonly holders: readonly HeldClaim[];
}

/**
 * On which files the tasks of a plan keep each other waiting, the most wanted first. Pure.
 *
 * Tasks of unknown scope are left out: they keep all others waiting, everywhere. Linear in claims and in the
 * files that patterns match; pairs are only looked at where the analysis lists them, to find overlaps of
 * patterns that no file shows yet.
 */
export function hotFileGroups(
  { claims, table, tree }: Pick<Plan, 'claims' | 'table' | 'tree'>,
  conflicts: readonly TaskConflict[],
): readonly HotFileGroup[] {
  const groups = new Groups(claims);
  const alone = new Set(claims.filter(({ unknownScope }) => unknownScope).map(({ taskId }) => taskId));
  const hot = table.hotFiles({ tree: FileTree.of(tree), except: alone });
  for (const { path, files, holders } of hot) groups.add(path, files, conflictingAmong(holders));
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
  readonly holders: Set<HeldClaim>;
}

/** Paths gathered by the tasks that want them. */
class Groups {
  readonly #order: ReadonlyMap<string, number>;
  readonly #groups = new Map<string, Group>();
  readonly #ofTask = new Map<string, Set<string>>();

  constructor(claims: readonly TaskClaims[]) {
    this.#order = new Map(claims.map(({ taskId }, at) => [taskId, at]));
  }

  add(path: string, files: number, holders: readonly HeldClaim[]): void {
    const tasks = this.#sorted([...new Set(holders.map(({ taskId }) => taskId))], (id) => id);
    const key = tasks.join('\0');
    const group = this.#groups.get(key) ?? { tasks, paths: new Map(), holders: new Set() };
    group.paths.set(path, files);
    for (const holder of holders) group.holders.add(holder);
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
      .map(({ tasks, paths, holders }) => {
        const [path = '', ...others] = [...paths.keys()].sort();
        const count = [...paths.values()].reduce((total, files) => total + files, 0);
        return {
          path,
          others,
          count,
          tasks,
          holders: this.#sorted([...holders], ({ taskId }) => taskId),
        };
      })
      .sort((a, b) => b.tasks.length - a.tasks.length || (a.path < b.path ? -1 : 1));
  }

  #sorted<T>(items: T[], idOf: (item: T) => string): T[] {
    const place = (item: T) => this.#order.get(idOf(item)) ?? 0;
    return items.sort((a, b) => place(a) - place(b));
  }
}
