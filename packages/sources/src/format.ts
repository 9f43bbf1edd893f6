import type { Diagnostic, FileEdit, MarkDoneRequest, Task } from '@pwt/core';
import type { ResultCache, Vocabulary } from '@pwt/separator';
import type { Checkout } from './checkout.js';
import type { OptionTable } from './options.js';

/**
 * A format in which people keep tasks in a repository.
 *
 * A format finds and reads its tasks. `FormatSource` makes a `TaskSource` of it, which picks the requested tasks, leaves out
 * finished ones, and reports unknown ids and ids that are used twice.
 */
export interface TaskFormat<Options extends object = object> {
  /** Its name in the configuration, such as `spec-kit`: lower-case words joined by `-`. */
  readonly name: string;
  /** What its tasks are, to be read after "task in": ``the `tasks.md` of spec-kit features``. */
  readonly tasks: string;
  /** The options that the configuration may give after the name. */
  readonly options: OptionTable<Options>;
  /**
   * Tells whether a checkout has such tasks. It must be cheap (a few folders, a few files) and certain: if other tools also
   * write files of this name, it reads the file.
   */
  detect(checkout: Checkout): Promise<Detected<Options> | undefined>;
  /** Reads all tasks, the finished ones included. What can't be read is left out and never hides the rest. */
  load(request: FormatRequest<Options>): Promise<FormatTasks>;
  /** Puts an id as a user types it into the form that {@link load} gives; any other text stays as it is. */
  normaliseId(id: string): string;
  /**
   * Marks a task as finished, so that {@link load} gives it with `done`; absent if the format has no place for that. The file
   * may have changed since the task was loaded: the task is found by its id or its text, not by its line. Changes nothing
   * else of a file, and gives no edit if the task is marked already or not there any more.
   */
  markDone?(request: FormatMarkRequest<Options>): Promise<readonly FileEdit[]>;
}

export interface FormatMarkRequest<Options extends object = object> extends MarkDoneRequest {
  /** The options from the configuration, checked. */
  readonly options: Options;
}

/** The evidence that a checkout has tasks of a format. */
export interface Detected<Options extends object = object> {
  /** A file of them, relative to the root. */
  readonly path: string;
  /** The options for this checkout; absent if the defaults fit. */
  readonly options?: Options;
}

export interface FormatRequest<Options extends object = object> {
  readonly checkout: Checkout;
  /** The options from the configuration, checked. */
  readonly options: Options;
  /** The words of the languages of the texts. */
  readonly vocabulary: Vocabulary;
  /** Caches results, for formats that take long to read. */
  readonly cache: ResultCache;
  /** Runs a command that the options name; absent where none may be run. */
  readonly runCommand?: RunCommand | undefined;
  /** Set if the load is given up. */
  readonly abortSignal?: AbortSignal | undefined;
}

/** A command of the user's, as its argv. No shell sees it. */
export type SourceCommand = readonly string[];

/**
 * Runs a command in the root of the checkout and gives what it has printed.
 *
 * @throws PwtError `PWT_TASK_COMMAND_FAILED`, `PWT_COMMAND_NOT_APPROVED`
 */
export type RunCommand = (command: SourceCommand, abortSignal?: AbortSignal) => Promise<string>;

export interface FormatTasks {
  /** In the order of the files. If two have the same id, the first one counts and the other is reported. */
  readonly tasks: readonly FormatTask[];
  /** Diagnostics about the contents. Those about files are in the checkout's problems already. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Sentences about ids that can be taken for another task: "The spec with priority number 11 is task 72." */
  readonly notes?: ReadonlyMap<string, string>;
}

/** A task, and if it is finished, what shows that: `specs/001-a/tasks.md:11 is ticked off`. */
export interface FormatTask extends Task {
  readonly done?: string;
  /**
   * Why it is not to be worked on now, like `done`: `tasks.json:12 has the status "deferred"`. It is left out with all that
   * wait for it, unless it is asked for by its id.
   */
  readonly deferred?: string;
}

/** Types a format by its options. */
export function defineFormat<Options extends object>(format: TaskFormat<Options>): TaskFormat<Options> {
  return format;
}
