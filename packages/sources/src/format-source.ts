import {
  type Diagnostic,
  defined,
  type FileEdit,
  type LoadRequest,
  type LoadResult,
  type MarkDoneRequest,
  type Task,
  type TaskSource,
  throwIfAborted,
} from '@pwt/core';
import { englishVocabulary, noCache, type ResultCache, type Vocabulary } from '@pwt/separator';
import { Checkout } from './checkout.js';
import type { SourceFileSystem } from './file-system.js';
import type { FormatTask, FormatTasks, RunCommand, TaskFormat } from './format.js';

export interface FormatSourceOptions<Options extends object> {
  /** The top level of the checkout. Absolute. */
  readonly root: string;
  readonly options: Options;
  /** @default englishVocabulary */
  readonly vocabulary?: Vocabulary | undefined;
  /** @default noCache */
  readonly cache?: ResultCache | undefined;
  /** @default the file system of this machine */
  readonly fs?: SourceFileSystem | undefined;
  /** Runs commands that the options name. @default such a format is refused */
  readonly runCommand?: RunCommand | undefined;
}

/** The unfinished tasks of a checkout in one format. Each load reads the files again. */
export class FormatSource<Options extends object> implements TaskSource {
  readonly name: string;
  readonly #format: TaskFormat<Options>;
  readonly #from: FormatSourceOptions<Options>;
  /** Absent where the format has no place for it. */
  readonly markDone?: (request: MarkDoneRequest) => Promise<readonly FileEdit[]>;

  constructor(format: TaskFormat<Options>, from: FormatSourceOptions<Options>) {
    this.name = format.name;
    this.#format = format;
    this.#from = from;
    const { options } = from;
    if (format.markDone) this.markDone = async (request) => format.markDone?.({ ...request, options }) ?? [];
  }

  async load({ ids, abortSignal }: LoadRequest): Promise<LoadResult> {
    throwIfAborted(abortSignal);
    const { root, fs, options, vocabulary = englishVocabulary, cache = noCache, runCommand } = this.#from;
    const checkout = new Checkout(root, fs);
    const loaded = await this.#format.load({ checkout, options, vocabulary, cache, runCommand, abortSignal });
    const { open, done, deferred, duplicates } = sort(loaded.tasks);
    const diagnostics = [...checkout.problems, ...(loaded.diagnostics ?? []), ...duplicates];
    if (!ids) {
      const waiting = waitingFor(deferred, open);
      return {
        tasks: [...open.values()].filter(({ id }) => !deferred.has(id) && !waiting.includes(id)),
        diagnostics: [...diagnostics, ...leftOut(done), ...putOff([...deferred], waiting)],
      };
    }
    const asked = new Set(ids);
    return {
      tasks: [...asked].flatMap((id) => open.get(id) ?? []),
      diagnostics: [
        ...[...asked].flatMap((id) => this.#about(id, open, done, loaded.notes)),
        ...diagnostics.filter(
          ({ taskIds = [] }) => taskIds.length === 0 || taskIds.some((id) => asked.has(id)),
        ),
      ],
    };
  }

  normaliseId(id: string): string {
    return this.#format.normaliseId(id);
  }

  /** The diagnostics about a requested id. */
  #about(
    id: string,
    open: ReadonlyMap<string, Task>,
    done: ReadonlyMap<string, string>,
    notes: FormatTasks['notes'],
  ): readonly Diagnostic[] {
    const note = notes?.get(id);
    if (open.has(id)) return note === undefined ? [] : [ambiguous(id, note)];
    const evidence = done.get(id);
    const hint = evidence === undefined ? note : `${id} is finished: ${evidence}.`;
    return [
      {
        code: 'PWT_TASK_UNKNOWN',
        severity: 'error',
        message: `There is no ${evidence === undefined ? '' : 'unfinished '}task "${id}" in ${this.#format.tasks}.`,
        taskIds: [id],
        ...defined({ hint }),
      },
    ];
  }
}

interface Sorted {
  /** The unfinished tasks, without dependencies on finished ones. */
  readonly open: ReadonlyMap<string, Task>;
  /** By id, what shows that a task is finished. */
  readonly done: ReadonlyMap<string, string>;
  /** The unfinished ones that are not to be worked on now. */
  readonly deferred: ReadonlySet<string>;
  readonly duplicates: readonly Diagnostic[];
}

function sort(tasks: readonly FormatTask[]): Sorted {
  const first = new Map<string, FormatTask>();
  const duplicates: Diagnostic[] = [];
  for (const task of tasks) {
    const other = first.get(task.id);
    if (other) duplicates.push(duplicate(task, other));
    else first.set(task.id, task);
  }
  const done = new Map<string, string>();
  for (const task of first.values()) if (task.done !== undefined) done.set(task.id, task.done);
  const open = new Map<string, Task>();
  const deferred = new Set<string>();
  for (const task of first.values()) {
    if (task.done !== undefined) continue;
    open.set(task.id, openTask(task, done));
    if (task.deferred !== undefined) deferred.add(task.id);
  }
  return { open, done, deferred, duplicates };
}

/** The tasks that wait for one of these, directly or not. */
function waitingFor(deferred: ReadonlySet<string>, open: ReadonlyMap<string, Task>): readonly string[] {
  const waiting = new Set<string>();
  const found = [...deferred];
  if (found.length === 0) return [];
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of open.values())
    for (const need of dependsOn) dependents.set(need, [...(dependents.get(need) ?? []), id]);
  for (let need = found.pop(); need !== undefined; need = found.pop()) {
    for (const id of dependents.get(need) ?? []) {
      if (waiting.has(id) || deferred.has(id)) continue;
      waiting.add(id);
      found.push(id);
    }
  }
  return [...open.keys()].filter((id) => waiting.has(id));
}

const MOST_NAMED = 10;

/** What is told of finished tasks. */
function leftOut(done: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const ids = [...done.keys()];
  if (ids.length === 0) return [];
  return [
    {
      code: 'PWT_TASK_DONE',
      severity: 'info',
      message: `Left out, because they are finished: ${named(ids)}.`,
      taskIds: ids,
    },
  ];
}

/** What is told of tasks that are not to be worked on now, and of those that wait for them. */
function putOff(deferred: readonly string[], waiting: readonly string[]): readonly Diagnostic[] {
  const [first] = deferred;
  if (first === undefined) return [];
  const others = waiting.length === 0 ? '' : ` Left out, because they wait for those: ${named(waiting)}.`;
  return [
    {
      code: 'PWT_TASK_DEFERRED',
      severity: 'info',
      message: `Left out, because they are kept back: ${named(deferred)}.${others}`,
      taskIds: [...deferred, ...waiting],
      hint: `To work on one all the same, name it: pwt run ${first}`,
    },
  ];
}

function named(ids: readonly string[]): string {
  const rest = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return `${ids.slice(0, MOST_NAMED).join(', ')}${rest}`;
}

/** The task without dependencies on finished tasks; the same object if nothing has to be taken away. */
function openTask(task: FormatTask, done: ReadonlyMap<string, string>): Task {
  const isClean = task.deferred === undefined && !task.dependsOn.some((id) => done.has(id));
  if (isClean) return task;
  const { deferred: _, ...rest } = task;
  return { ...rest, dependsOn: task.dependsOn.filter((id) => !done.has(id)) };
}

function duplicate(task: Task, other: Task): Diagnostic {
  const { path, firstLine: line = 1 } = task.specs[0] ?? { path: '.' };
  const { path: first, firstLine } = other.specs[0] ?? { path: '.' };
  const place = firstLine === undefined ? first : `${first}:${firstLine}`;
  return {
    code: 'PWT_TASK_ID_DUPLICATE',
    severity: 'warning',
    taskIds: [task.id],
    message: `${task.id} is also the id of ${place}; only that one is used.`,
    path,
    line,
  };
}

function ambiguous(id: string, note: string): Diagnostic {
  return {
    code: 'PWT_TASK_ID_AMBIGUOUS',
    severity: 'info',
    message: `Task ${id} is the one with that id. ${note}`,
    taskIds: [id],
  };
}
