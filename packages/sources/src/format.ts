import type { Diagnostic, Task } from '@pwt/core';
import type { ResultCache, Vocabulary } from '@pwt/separator';
import type { Checkout } from './checkout.js';
import type { OptionTable } from './options.js';

/**
 * One format in which people keep tasks in a repository.
 *
 * A format says where its tasks are and what they say; `FormatSource` makes a `TaskSource` of it: it picks the asked
 * tasks, leaves out those that are done, and reports unknown ids and ids that are used twice.
 */
export interface TaskFormat<Options extends object = object> {
  /** What the configuration calls it, such as `spec-kit`: lower-case words with `-`. */
  readonly name: string;
  /** What its tasks are, to be read after "task in": ``the `tasks.md` of spec-kit features``. */
  readonly tasks: string;
  /** What the configuration may say beside the name. */
  readonly options: OptionTable<Options>;
  /**
   * Says whether a checkout has such tasks. Cheap: looks at a few folders, reads a few files, and is sure: a file of
   * this name that other tools write, too, must be looked into.
   */
  detect(checkout: Checkout): Promise<Detected<Options> | undefined>;
  /** Reads all tasks, the finished ones included. What can't be read is left out and never hides the rest. */
  load(request: FormatRequest<Options>): Promise<FormatTasks>;
  /** Puts an id as a user types it into the form that {@link load} gives; any other text stays as it is. */
  normaliseId(id: string): string;
}

/** What shows that a checkout has tasks of a format. */
export interface Detected<Options extends object = object> {
  /** A file of them, relative to the root. */
  readonly path: string;
  /** How they are read here; absent if the defaults fit. */
  readonly options?: Options;
}

export interface FormatRequest<Options extends object = object> {
  readonly checkout: Checkout;
  /** As the configuration gives them, checked. */
  readonly options: Options;
  /** The words of the languages that texts are written in. */
  readonly vocabulary: Vocabulary;
  /** Keeps what was computed from texts, for formats of which reading takes long. */
  readonly cache: ResultCache;
}

export interface FormatTasks {
  /** In the order of the files. Where two have one id, the first one counts and the other one is reported. */
  readonly tasks: readonly FormatTask[];
  /** What is wrong with the contents. What is wrong with files is in the checkout's problems already. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Sentences about ids that mean another task to some: "The spec with priority number 11 is task 72." */
  readonly notes?: ReadonlyMap<string, string>;
}

/** A task, and where it is done already, what shows that: `specs/001-a/tasks.md:11 is ticked off`. */
export interface FormatTask extends Task {
  readonly done?: string;
}

/** Types a format by its options. */
export function defineFormat<Options extends object>(format: TaskFormat<Options>): TaskFormat<Options> {
  return format;
}
