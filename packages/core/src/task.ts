import type { Claim } from './claim.js';
import type { Diagnostic } from './diagnostic.js';

/** One piece of work for one agent. */
export interface Task {
  /** Unique within a run; see {@link isTaskId} for the accepted shape. */
  readonly id: string;
  readonly title: string;
  /** The texts of the task, in reading order; the first one is the main one. */
  readonly specs: readonly SpecFile[];
  /** Ids of tasks whose work must be integrated before this one starts. */
  readonly dependsOn: readonly string[];
  /** Tasks of higher priority start first. @default 0 */
  readonly priority?: number;
  /** The spec's own estimate of the work, in milliseconds. */
  readonly estimateMs?: number;
  /** Claims that a structured format states outright; they win over anything extracted from text. */
  readonly declared?: readonly Claim[];
  /** What a person who works on it would have at hand beside its text. */
  readonly context?: TaskContext;
  /** It checks something, and may find that nothing has to be changed: then it has succeeded without a change. */
  readonly verification?: true;
  /**
   * Labels that the machine must have on which its agent works, by name: `{ gpu: '1' }`. A provider that has one machine alone
   * ignores them; see {@link WorkspaceProvider.placesByLabels}.
   */
  readonly runsOn?: Readonly<Record<string, string>>;
  /** The name of the {@link TaskSource} that it comes from. */
  readonly source?: string;
  /** The id that its source gave it, where a task of another source has that one, and {@link id} is longer. */
  readonly idInSource?: string;
}

/** Where a task belongs. Paths are relative to the repository root, `/` as separator. */
export interface TaskContext {
  /** The folder of the feature, change or story that it is a part of. */
  readonly folder?: string;
  /** The phase, epic, section or tag that it is a part of, as its format names it. */
  readonly phase?: string;
  /** The documents of the feature to read beside it, such as its spec, plan and design; they exist. */
  readonly documents?: readonly string[];
}

/** A spec file, or the part of a file that belongs to one task. */
export interface SpecFile {
  /** Relative to the repository root, `/` as separator. */
  readonly path: string;
  readonly text: string;
  /** The line of the file at which {@link text} starts, from 1. @default 1 */
  readonly firstLine?: number;
  /** The text is not in the file as it is here, such as a string of JSON: all of it is said to be at {@link firstLine}. */
  readonly oneLine?: true;
  /** A hash of the text, as lower-case hex; the same text gives the same hash. */
  readonly hash: string;
}

/** The line of the file on which a line of a spec's text is, both from 1. */
export function lineInFile({ firstLine = 1, oneLine }: Omit<SpecFile, 'hash'>, line: number): number {
  return oneLine ? firstLine : firstLine + line - 1;
}

/** The text of a spec on a line of its file; `undefined` if there is none, or if the two have not the same lines. */
export function textAtLine({ text, firstLine = 1, oneLine }: SpecFile, line: number): string | undefined {
  return oneLine ? undefined : text.split('\n')[line - firstLine];
}

/** The whole text of a task, as its agent gets to read it. */
export function taskText(task: Pick<Task, 'specs'>): string {
  return task.specs.map((spec) => spec.text.trimEnd()).join('\n\n');
}

export interface LoadRequest {
  /** Only these tasks, already in normal form; absent means every task found. */
  readonly ids?: readonly string[];
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

export interface LoadResult {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Where tasks come from: spec files, an issue tracker, a task list. */
export interface TaskSource {
  /** For messages. */
  readonly name: string;
  /**
   * Loads the requested tasks, or all. An id that does not exist is a `PWT_TASK_UNKNOWN` diagnostic
   * of severity `error` with that id in `taskIds`, and with a hint if the source knows more (the task is finished, say); the
   * user is told once, by the hints of all sources, if none of them has it. One unreadable spec never hides the others.
   */
  load(request: LoadRequest): Promise<LoadResult>;
  /** Puts an id as a user types it (`US-020`, `20`) into the form that {@link load} returns; absent: as is. */
  normaliseId?(id: string): string;
  /**
   * Marks a task as finished, the way its format does it: the next {@link load} of the changed files leaves it out. Absent if
   * the format has no place for that. Reads only through the request, and gives the same for the same files.
   */
  markDone?(request: MarkDoneRequest): Promise<readonly FileEdit[]>;
}

export interface MarkDoneRequest {
  /** The task as this source has loaded it, perhaps from an earlier state of the files. */
  readonly task: Task;
  /** The files as they are now, which are not those of a checkout. */
  readonly read: ReadFile;
}

/** Gives the text of a file, by its path relative to the repository root; `undefined` if there is none or it is not text. */
export type ReadFile = (path: string) => Promise<string | undefined>;

/** A file with its new text, by its path relative to the repository root. */
export interface FileEdit {
  readonly path: string;
  readonly text: string;
}

const TASK_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-])){0,99}$/;

/**
 * True for an id that is safe as a file name, as a part of a git ref and as an argument:
 * 1–100 of `A–Z a–z 0–9 . _ -`, starting with a letter or digit, no two dots in a row, no dot at the end,
 * not ending in `.lock` (git refuses such refs).
 */
export function isTaskId(id: string): boolean {
  return TASK_ID.test(id) && !id.toLowerCase().endsWith('.lock');
}
