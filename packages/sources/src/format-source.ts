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
import type { FormatTask, FormatTasks, TaskFormat } from './format.js';

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
    const { root, fs, options, vocabulary = englishVocabulary, cache = noCache } = this.#from;
    const checkout = new Checkout(root, fs);
    const loaded = await this.#format.load({ checkout, options, vocabulary, cache });
    const { open, done, duplicates } = sort(loaded.tasks);
    const diagnostics = [...checkout.problems, ...(loaded.diagnostics ?? []), ...duplicates];
    if (!ids) return { tasks: [...open.values()], diagnostics: [...diagnostics, ...leftOut(done)] };
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
  for (const task of first.values()) if (task.done === undefined) open.set(task.id, withoutDone(task, done));
  return { open, done, duplicates };
}

const MOST_NAMED = 10;

/** What is told of finished tasks. */
function leftOut(done: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const ids = [...done.keys()];
  if (ids.length === 0) return [];
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const rest = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return [
    {
      code: 'PWT_TASK_DONE',
      severity: 'info',
      message: `Left out, because they are finished: ${named}${rest}.`,
    },
  ];
}

/** The task without dependencies on finished tasks; the same object if it has none. */
function withoutDone(task: FormatTask, done: ReadonlyMap<string, string>): Task {
  return task.dependsOn.some((id) => done.has(id))
    ? { ...task, dependsOn: task.dependsOn.filter((id) => !done.has(id)) }
    : task;
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
