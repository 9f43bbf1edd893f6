import { type Diagnostic, defined, PwtError, type Task } from '@pwt/core';
import type { NamedSource } from '../../composition/parts/named-source.js';
import { checkDiagnostics, checkTasks } from './guard.js';
import { candidateIds, existingIds, type SelectedIds, selectIds } from './select-ids.js';

export interface LoadedTasks {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
}

interface SourceResult extends LoadedTasks {
  readonly name: string;
}

const UNKNOWN = 'PWT_TASK_UNKNOWN';

/**
 * Loads the tasks that a user asked for, from all sources; all there are if none is asked for.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` with everything that no source knows, `PWT_TASK_DUPLICATE` if two
 *   sources know the same task, `PWT_PLUGIN_MISBEHAVED`
 */
export async function loadTasks(
  sources: readonly NamedSource[],
  typed: readonly string[],
): Promise<LoadedTasks> {
  const selection = selectIds(typed, namesFor(sources));
  const request = selection.length === 0 ? {} : { ids: candidateIds(selection) };
  const results = await Promise.all(
    sources.map(async ({ name, source }): Promise<SourceResult> => {
      const result = await source.load(request);
      return {
        name,
        tasks: checkTasks(name, result?.tasks),
        diagnostics: checkDiagnostics(name, result?.diagnostics),
      };
    }),
  );
  refuseDuplicates(results);
  const tasks = results.flatMap((result) => result.tasks);
  const said = results.flatMap((result) => result.diagnostics);
  const diagnostics = said.filter(({ code }) => code !== UNKNOWN);
  if (selection.length === 0) return { tasks, diagnostics };
  const byId = new Map(tasks.map((task) => [task.id, task]));
  refuseUnusable(selection, diagnostics, (id) => byId.has(id));
  const hint = unknownHint(selection, said, (id) => byId.has(id));
  const ids = existingIds(selection, (id) => byId.has(id), hint);
  const asked = new Set(ids);
  return {
    tasks: ids.flatMap((id) => byId.get(id) ?? []),
    diagnostics: diagnostics.filter(
      ({ taskIds = [] }) => taskIds.length === 0 || taskIds.some((id) => asked.has(id)),
    ),
  };
}

/** What a task may be called whose id a user typed: that, and what each source makes of it. */
export function namesFor(sources: readonly NamedSource[]): (id: string) => readonly string[] {
  return (id) => [...new Set([id, ...sources.map(({ source }) => source.normaliseId?.(id) ?? id)])];
}

const MOST_HINTS = 3;

/** What the sources know about ids that are no task of theirs: that it is finished, or has another name. */
function unknownHint(
  selection: readonly SelectedIds[],
  said: readonly Diagnostic[],
  exists: (id: string) => boolean,
): string {
  const missing = new Set(
    selection.filter(({ names, range }) => ![...names, ...range].some(exists)).flatMap(({ names }) => names),
  );
  const hints = said.flatMap(({ code, taskIds = [], hint }) =>
    code === UNKNOWN && hint !== undefined && taskIds.some((id) => missing.has(id)) ? [hint] : [],
  );
  return [...[...new Set(hints)].slice(0, MOST_HINTS), 'See which tasks there are: pwt plan'].join(' ');
}

/** A task that was asked for and is there, but can't be read, is not unknown: its own problem is what to say. */
function refuseUnusable(
  selection: readonly SelectedIds[],
  diagnostics: readonly Diagnostic[],
  exists: (id: string) => boolean,
): void {
  for (const { names } of selection) {
    if (names.some(exists)) continue;
    const problem = diagnostics.find(
      ({ severity, taskIds = [] }) => severity === 'error' && taskIds.some((id) => names.includes(id)),
    );
    if (!problem) continue;
    const { code, message, hint, path, line } = problem;
    throw new PwtError(code, message, {
      ...defined({ hint }),
      ...(path === undefined ? {} : { place: { path, ...defined({ line }) } }),
    });
  }
}

function refuseDuplicates(results: readonly SourceResult[]): void {
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
