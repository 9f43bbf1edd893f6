import { type Diagnostic, PwtError, type Task, type TaskSource } from '@pwt/core';
import { checkDiagnostics, checkTasks } from './guard.js';
import { selectIds } from './select-ids.js';

/** A task source with the name to blame. */
export interface NamedSource {
  readonly name: string;
  readonly source: TaskSource;
}

export interface LoadedTasks {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
}

const UNKNOWN = 'PWT_TASK_UNKNOWN';

/**
 * Loads the tasks that a user asked for, from all sources.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` with all ids that no source knows, `PWT_TASK_DUPLICATE` if two sources
 *   know the same one, `PWT_PLUGIN_MISBEHAVED`
 */
export async function loadTasks(
  sources: readonly NamedSource[],
  typed: readonly string[],
): Promise<LoadedTasks> {
  const { ids, optional } = selectIds(typed, idNormaliser(sources));
  const results = await Promise.all(
    sources.map(async ({ name, source }) => {
      const result = await source.load(ids ? { ids } : {});
      const tasks = checkTasks(name, result?.tasks).filter((task) => ids?.includes(task.id) ?? true);
      return { name, tasks, diagnostics: checkDiagnostics(name, result?.diagnostics) };
    }),
  );
  const tasks = results.flatMap((result) => result.tasks);
  refuseDuplicates(results);
  refuseUnknown(ids ?? [], tasks, optional, typed);
  const diagnostics = results.flatMap((result) => result.diagnostics).filter(({ code }) => code !== UNKNOWN);
  return { tasks, diagnostics };
}

/** How an id as a user types it becomes one that sources return: the first source that has a rule decides. */
export function idNormaliser(sources: readonly NamedSource[]): (id: string) => string {
  const source = sources.find((named) => named.source.normaliseId !== undefined)?.source;
  return (id) => source?.normaliseId?.(id) ?? id;
}

function refuseUnknown(
  ids: readonly string[],
  tasks: readonly Task[],
  optional: ReadonlySet<string>,
  typed: readonly string[],
): void {
  const found = new Set(tasks.map((task) => task.id));
  const unknown = ids.filter((id) => !found.has(id) && !optional.has(id));
  if (unknown.length === 0 && (ids.length === 0 || found.size > 0)) return;
  const names = unknown.length > 0 ? unknown : typed;
  throw new PwtError(
    UNKNOWN,
    `There is no spec for ${names.length === 1 ? 'task' : 'tasks'} ${names.join(', ')}.`,
    {
      hint: 'See which tasks there are: pwt plan',
      data: { ids: names },
    },
  );
}

function refuseDuplicates(
  results: readonly { readonly name: string; readonly tasks: readonly Task[] }[],
): void {
  const owners = new Map<string, string>();
  for (const { name, tasks } of results) {
    for (const { id } of tasks) {
      const owner = owners.get(id);
      if (owner !== undefined) {
        throw new PwtError('PWT_TASK_DUPLICATE', `Task ${id} comes from ${owner} and from ${name}.`, {
          hint: 'Give one of them another id.',
          data: { taskId: id, sources: [owner, name] },
        });
      }
      owners.set(id, name);
    }
  }
}
