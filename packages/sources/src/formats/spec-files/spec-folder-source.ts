import type { Diagnostic, LoadRequest, LoadResult, Task, TaskSource } from '@pwt/core';
import {
  type BuiltTasks,
  buildTasks,
  normaliseSpecId,
  type ReadSpecOptions,
  type ResultCache,
  type SpecText,
  type Vocabulary,
} from '@pwt/separator';
import { mapBounded } from '../../bounded.js';
import { nodeSpecFileSystem, type SpecFileSystem } from '../../spec-file-system.js';
import { defaultSpecGlobs, findSpecs } from './find-specs.js';
import { readSpec } from './read-spec.js';

export interface SpecFolderSourceOptions {
  /** The repository's root, absolute. */
  readonly root: string;
  /**
   * Folders (searched with everything below them; `.` alone) and patterns of the scope dialect, relative to
   * the root. @default defaultSpecGlobs
   */
  readonly globs?: readonly string[];
  /** The words for dependencies and estimates. @default englishVocabulary */
  readonly vocabulary?: Vocabulary;
  /** Keeps what specs say from one time to the next. @default none */
  readonly cache?: ResultCache;
  /** @default the file system of this machine */
  readonly fs?: SpecFileSystem;
}

const READS_AT_ONCE = 32;

/**
 * Finds tasks in files named `SPEC-<id>-*.md` and folders named `SPEC-<id>-*`.
 *
 * Nothing that is wrong with one spec keeps the others from being loaded; each load reads the files anew.
 */
export class SpecFolderSource implements TaskSource {
  readonly #root: string;
  readonly #globs: readonly string[];
  readonly #reading: ReadSpecOptions;
  readonly #fs: SpecFileSystem;

  constructor({
    root,
    globs = defaultSpecGlobs,
    vocabulary,
    cache,
    fs = nodeSpecFileSystem,
  }: SpecFolderSourceOptions) {
    this.#root = root;
    this.#globs = globs;
    this.#reading = { vocabulary, cache };
    this.#fs = fs;
  }

  async load({ ids }: LoadRequest): Promise<LoadResult> {
    const found = await findSpecs(this.#root, this.#globs, this.#fs);
    const reads = await mapBounded(found.specs, READS_AT_ONCE, (spec) =>
      readSpec(this.#root, spec, this.#fs),
    );
    const texts = reads.flatMap(({ spec }): readonly SpecText[] => (spec ? [spec] : []));
    const built = buildTasks(texts, this.#reading);
    const diagnostics = [
      ...found.diagnostics,
      ...reads.flatMap((read) => read.diagnostics),
      ...built.diagnostics,
    ];
    return ids ? select(ids, built, diagnostics) : { tasks: built.tasks, diagnostics };
  }

  normaliseId(id: string): string {
    return normaliseSpecId(id);
  }
}

/** The asked tasks in the order they were asked for, each once, and what was found out about them. */
function select(ids: readonly string[], built: BuiltTasks, diagnostics: readonly Diagnostic[]): LoadResult {
  const byId = new Map(built.tasks.map((task) => [task.id, task]));
  const tasks = new Map<string, Task>();
  const notes: Diagnostic[] = [];
  for (const id of ids) {
    const task = byId.get(id);
    const other = built.priorityNumbers.get(id);
    if (task) tasks.set(id, task);
    if (!task || (other !== undefined && other !== id))
      notes.push(task ? ambiguous(id, other) : unknown(id, other));
  }
  const asked = new Set(ids);
  const about = diagnostics.filter(({ taskId }) => taskId === undefined || asked.has(taskId));
  return { tasks: [...tasks.values()], diagnostics: [...notes, ...about] };
}

function unknown(id: string, other: string | undefined): Diagnostic {
  return {
    code: 'PWT_TASK_UNKNOWN',
    severity: 'error',
    message: `There is no spec for task "${id}", a file named SPEC-${id}-<words>.md in one of the spec folders.`,
    ...(other ? { hint: `The spec with priority number ${id} is task ${other}.` } : {}),
    taskId: id,
  };
}

function ambiguous(id: string, other: string | undefined): Diagnostic {
  return {
    code: 'PWT_TASK_ID_AMBIGUOUS',
    severity: 'info',
    message: `Task ${id} is the story of that number; the spec with priority number ${id} is task ${other}.`,
    taskId: id,
  };
}
