import {
  type Diagnostic,
  defined,
  isTaskId,
  type LoadRequest,
  type LoadResult,
  type Task,
  type TaskSource,
} from '@pwt/core';
import type { NamedSource } from '../../composition/parts/named-source.js';

/** What a task is called by its source, and in a plan. */
interface Names {
  ofPlan(own: string): string;
  /** `undefined` for an id that another source has. */
  ofSource(id: string): string | undefined;
}

/**
 * The sources, each of which gives its tasks ids that no earlier one has: where an earlier source knows a task `search-1`, open
 * or finished, that of the source `agent-os` is called `agent-os-search-1`. Reads all tasks, once.
 */
export async function withOwnIds(sources: readonly NamedSource[]): Promise<readonly NamedSource[]> {
  if (sources.length < 2) return sources;
  const loaded = await Promise.all(sources.map(({ source }) => source.load({})));
  const taken = new Set<string>();
  return sources.map(({ name, source }, at) => {
    const all = loaded[at] ?? { tasks: [], diagnostics: [] };
    const own = knownIds(all);
    const names = namesOf(source.name, own, new Set(taken));
    for (const id of own) taken.add(names.ofPlan(id));
    return { name, source: new OwnIds(name, source, all, names) };
  });
}

/** Every id that a source has, also those of tasks that it leaves out. */
function knownIds({ tasks, diagnostics }: LoadResult): ReadonlySet<string> {
  const leftOut = (diagnostics ?? []).filter(
    ({ code }) => code === 'PWT_TASK_DONE' || code === 'PWT_TASK_DEFERRED',
  );
  const ids = Array.isArray(tasks) ? tasks.map((task) => task?.id) : [];
  return new Set([...ids, ...leftOut.flatMap(({ taskIds = [] }) => taskIds)]);
}

function namesOf(source: string, own: ReadonlySet<string>, taken: ReadonlySet<string>): Names {
  const prefix = prefixOf(source);
  const renamed = (id: string) => own.has(id) && taken.has(id) && isTaskId(prefix + id);
  return {
    ofPlan: (id) => (renamed(id) ? prefix + id : id),
    ofSource: (id) => {
      const rest = id.startsWith(prefix) ? id.slice(prefix.length) : '';
      // The longer name is understood also while no other source has the short one.
      if (own.has(rest) && !own.has(id)) return rest;
      return renamed(id) ? undefined : id;
    },
  };
}

/** What stands in front of an id, to tell it from that of another source. */
function prefixOf(source: string): string {
  return `${source.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')}-`;
}

/** A source whose tasks have other ids in a plan than by themselves, where it has to be. */
class OwnIds implements TaskSource {
  readonly name: string;
  readonly #label: string;
  readonly #source: TaskSource;
  readonly #all: LoadResult;
  readonly #names: Names;

  constructor(label: string, source: TaskSource, all: LoadResult, names: Names) {
    this.name = source.name;
    this.#label = label;
    this.#source = source;
    this.#all = all;
    this.#names = names;
  }

  async load(request: LoadRequest): Promise<LoadResult> {
    const { ids } = request;
    if (!ids) return this.#renamed(this.#all);
    const own = [...new Set(ids.flatMap((id) => this.#names.ofSource(id) ?? []))];
    return this.#renamed(await this.#source.load({ ...request, ids: own }));
  }

  /** `agent-os-1.2` is put into normal form as `1.2` is. */
  normaliseId(typed: string): string {
    const prefix = prefixOf(this.name);
    const normalise = (id: string) => this.#source.normaliseId?.(id) ?? id;
    const short = typed.toLowerCase().startsWith(prefix.toLowerCase())
      ? normalise(typed.slice(prefix.length))
      : undefined;
    const isOne = short !== undefined && this.#names.ofSource(prefix + short) === short;
    return isOne ? this.#names.ofPlan(short) : normalise(typed);
  }

  #renamed({ tasks, diagnostics }: LoadResult): LoadResult {
    if (!Array.isArray(tasks)) return { tasks, diagnostics };
    const { ofPlan } = this.#names;
    const made = tasks.map((task: Task): Task => {
      const id = ofPlan(task.id);
      const dependsOn = task.dependsOn?.map(ofPlan);
      return id === task.id && dependsOn?.every((one, at) => one === task.dependsOn[at])
        ? task
        : { ...task, id, dependsOn, ...(id !== task.id && { idInSource: task.id }) };
    });
    const others = made.flatMap(({ id, idInSource }) => (idInSource === undefined ? [] : [[idInSource, id]]));
    return {
      tasks: made,
      diagnostics: [
        ...(diagnostics ?? []).map((one) => renamedIn(one, ofPlan)),
        ...this.#told(others as [string, string][]),
      ],
    };
  }

  #told([first, ...more]: readonly (readonly [string, string])[]): Diagnostic[] {
    if (!first) return [];
    const [own, id] = first;
    const others = more.length === 0 ? '' : ` The same goes for ${more.length} more of its tasks.`;
    return [
      {
        code: 'PWT_TASK_ID_PREFIXED',
        severity: 'info',
        message: `${own} of ${this.#label} is called ${id} here: another source has a task ${own}.${others}`,
      },
    ];
  }
}

/** A diagnostic that names the tasks as the plan does. */
function renamedIn(diagnostic: Diagnostic, ofPlan: (id: string) => string): Diagnostic {
  const { taskIds = [], message, hint } = diagnostic;
  const changed = taskIds.filter((id) => ofPlan(id) !== id);
  if (changed.length === 0) return diagnostic;
  const ids = new Set(changed);
  const inText = (text: string) =>
    text.replace(/[\w.-]*\w/g, (word) => (ids.has(word) ? ofPlan(word) : word));
  return {
    ...diagnostic,
    taskIds: taskIds.map(ofPlan),
    message: inText(message),
    ...defined({ hint: hint === undefined ? undefined : inText(hint) }),
  };
}
