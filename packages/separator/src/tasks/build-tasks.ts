import { type Diagnostic, defined, isTaskId, type SpecFile, type Task } from '@pwt/core';
import { englishVocabulary } from '../english.js';
import { hashText } from '../hash.js';
import { fingerprintOf, noCache, type ResultCache } from '../result-cache.js';
import type { Vocabulary } from '../vocabulary.js';
import { checkDependencies } from './check-dependencies.js';
import { type GroupedSpecs, groupSpecs, type SpecPath } from './group-specs.js';
import { type ParsedSpec, parseSpec } from './parse-spec.js';

/** A spec file with its text. */
export interface SpecText extends SpecPath {
  readonly text: string;
}

/** Tasks, each with its number in a list of priorities, if it has one. */
export interface BuiltTasks {
  readonly tasks: readonly Task[];
  readonly priorityNumbers: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A spec file as it was read. */
export interface ReadSpec {
  readonly file: SpecFile;
  readonly parsed: ParsedSpec;
}

export interface ReadSpecOptions {
  /** @default englishVocabulary */
  readonly vocabulary?: Vocabulary | undefined;
  /** Caches what specs say. @default no cache */
  readonly cache?: ResultCache | undefined;
}

/** Reads one spec file. */
export function readSpec(
  { path, text }: SpecText,
  { vocabulary = englishVocabulary, cache = noCache }: ReadSpecOptions = {},
): ReadSpec {
  const hash = hashText(text);
  const facts = cache.recall(
    'spec',
    () => [fingerprintOf(vocabulary), path, hash],
    () => {
      const { text: _, ...parsed } = parseSpec(text, path, vocabulary);
      return parsed;
    },
  );
  return { file: { path, text, hash }, parsed: { ...facts, text } };
}

/** Makes tasks of spec files: files with the same id are one task, in the order of their paths. Pure. */
export function buildTasks(files: readonly SpecText[], options?: ReadSpecOptions): BuiltTasks {
  const read = new Map(files.map((file) => [file, readSpec(file, options)]));
  const specOf = (file: SpecText) => read.get(file) as ReadSpec;
  return assembleTasks(
    groupSpecs(files, (file) => specOf(file).parsed.id),
    specOf,
  );
}

/**
 * Makes tasks of specs that are read and grouped.
 *
 * @param known tasks from an earlier call; a task that is unchanged is the same object again, so its identity tells
 * whether it has changed
 */
export function assembleTasks<T extends SpecPath>(
  grouped: GroupedSpecs<T>,
  specOf: (file: T) => ReadSpec,
  known?: ReadonlyMap<string, Task>,
): BuiltTasks {
  const diagnostics: Diagnostic[] = [...grouped.diagnostics];
  const drafts = grouped.groups.flatMap((group) => {
    const read = group.files.map(specOf);
    const specs = read.map(({ parsed }) => parsed);
    for (const spec of specs) {
      for (const entry of spec.diagnostics) diagnostics.push({ ...entry, taskIds: [group.id] });
    }
    if (isTaskId(group.id)) return [{ id: group.id, read, specs }];
    diagnostics.push(badId(group.id, specs[0]?.path ?? ''));
    return [];
  });
  const checked = checkDependencies(drafts);
  return {
    tasks: drafts.map(({ id, read }) => {
      const dependsOn = checked.dependsOn.get(id) ?? [];
      const earlier = known?.get(id);
      const files = read.map(({ file }) => file);
      const isSame = earlier && isEqual(earlier.specs, files) && isEqual(earlier.dependsOn, dependsOn);
      return isSame ? earlier : toTask(id, read, dependsOn);
    }),
    priorityNumbers: new Map(
      grouped.groups.flatMap(({ id, priorityNumber }) => (priorityNumber ? [[priorityNumber, id]] : [])),
    ),
    diagnostics: [...diagnostics, ...checked.diagnostics],
  };
}

function isEqual<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

function toTask(id: string, read: readonly ReadSpec[], dependsOn: readonly string[]): Task {
  const specs = read.map(({ parsed }) => parsed);
  const title = specs.find((spec) => spec.title !== undefined)?.title ?? id;
  const priority = specs.find((spec) => spec.priority !== undefined)?.priority;
  const estimateMs = specs.find((spec) => spec.estimateMs !== undefined)?.estimateMs;
  const runsOn = specs.find((spec) => spec.runsOn !== undefined)?.runsOn;
  const declared = specs.flatMap((spec) => spec.declared);
  return {
    id,
    title,
    specs: read.map(({ file }) => file),
    dependsOn,
    ...defined({ priority, estimateMs, runsOn }),
    ...(declared.length === 0 ? {} : { declared }),
  };
}

function badId(id: string, path: string): Diagnostic {
  return {
    code: 'PWT_TASK_ID_INVALID',
    severity: 'error',
    message: `"${id.slice(0, 120)}" can't be the id of a task; its spec is left out.`,
    hint: 'Use letters, digits, "-", "_" and single dots, starting with a letter or digit.',
    path,
    line: 1,
  };
}
