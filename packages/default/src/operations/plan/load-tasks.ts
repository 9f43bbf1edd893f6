import { type Diagnostic, defined, type LoadRequest, PwtError, type Task } from '@pwt/core';
import type { NamedSource } from '../../composition/parts/named-source.js';
import { nearest } from '../../nearest.js';
import { checkDiagnostics, checkTasks } from './guard.js';
import { joinFinished } from './left-out.js';
import { withOwnIds } from './own-ids.js';
import { candidateIds, existingIds, namedBy, type SelectedIds, selectIds } from './select-ids.js';

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
 *   sources call themselves and a task the same, `PWT_PLUGIN_MISBEHAVED`
 */
export async function loadTasks(
  given: readonly NamedSource[],
  typed: readonly string[],
): Promise<LoadedTasks> {
  const sources = await withOwnIds(given);
  const selection = selectIds(typed, namesFor(sources));
  if (selection.length === 0) return withoutUnknown(await loadFrom(sources, {}));
  const named = await loadFrom(sources, { ids: candidateIds(selection) });
  const isThere = has(named.tasks);
  refuseUnusable(selection, withoutUnknown(named).diagnostics, isThere);
  const areNamed = selection.every((one) => namedBy(one, isThere).length > 0);
  // What is no id may stand for several tasks.
  const all = areNamed ? named : joined(named, await loadFrom(sources, {}));
  const ids = existingIds(selection, all.tasks, (unknown) =>
    unknownHint(unknown, named.diagnostics, all.tasks),
  );
  const asked = new Set(ids);
  const byId = new Map(all.tasks.map((task) => [task.id, task]));
  return {
    tasks: ids.flatMap((id) => byId.get(id) ?? []),
    diagnostics: withoutUnknown(all).diagnostics.filter(
      ({ code, taskIds = [] }) =>
        code === 'PWT_TASK_DEFERRED' || taskIds.length === 0 || taskIds.some((id) => asked.has(id)),
    ),
  };
}

async function loadFrom(sources: readonly NamedSource[], request: LoadRequest): Promise<LoadedTasks> {
  const results = await Promise.all(
    sources.map(async ({ name, source }): Promise<SourceResult> => {
      const result = await source.load(request);
      return {
        name,
        tasks: checkTasks(name, result?.tasks).map((task) => ({
          ...task,
          ...defined({ source: source.name }),
        })),
        diagnostics: checkDiagnostics(name, result?.diagnostics),
      };
    }),
  );
  refuseDuplicates(results);
  return {
    tasks: results.flatMap((result) => result.tasks),
    diagnostics: joinFinished(results.flatMap((result) => result.diagnostics)),
  };
}

/** Tasks that were asked for by name may be finished ones, which are not among all others. */
function joined(named: LoadedTasks, all: LoadedTasks): LoadedTasks {
  const isThere = has(all.tasks);
  return {
    tasks: [...all.tasks, ...named.tasks.filter(({ id }) => !isThere(id))],
    diagnostics: all.diagnostics.filter(({ code }) => code !== 'PWT_TASK_DONE'),
  };
}

function has(tasks: readonly Task[]): (id: string) => boolean {
  const ids = new Set(tasks.map(({ id }) => id));
  return (id) => ids.has(id);
}

function withoutUnknown({ tasks, diagnostics }: LoadedTasks): LoadedTasks {
  return { tasks, diagnostics: diagnostics.filter(({ code }) => code !== UNKNOWN) };
}

/** What a task may be called whose id a user typed: that, and what each source makes of it. */
export function namesFor(sources: readonly NamedSource[]): (id: string) => readonly string[] {
  return (id) => [...new Set([id, ...sources.map(({ source }) => source.normaliseId?.(id) ?? id)])];
}

const MOST_HINTS = 3;

/** What the sources know about ids that are no task of theirs: that it is finished, or has another name. Otherwise the nearest ids. */
function unknownHint(
  unknown: readonly SelectedIds[],
  said: readonly Diagnostic[],
  tasks: readonly Task[],
): string {
  const missing = new Set(unknown.flatMap(({ names, range }) => [...names, ...range]));
  const known = said.flatMap(({ code, taskIds = [], hint }) =>
    code === UNKNOWN && hint !== undefined && taskIds.some((id) => missing.has(id)) ? [hint] : [],
  );
  const hints = [...new Set(known)].slice(0, MOST_HINTS);
  const near =
    hints.length > 0
      ? []
      : nearest(
          [...missing],
          tasks.map(({ id }) => id),
        );
  const meant = near.length === 0 ? [] : [`Did you mean ${near.join(', ')}?`];
  return [...hints, ...meant, 'See which tasks there are: pwt plan'].join(' ');
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
