import { type Diagnostic, isTaskId, type Task } from '@pwt/core';
import { hashText } from '../hash.js';
import type { Vocabulary } from '../vocabulary.js';
import { checkDependencies } from './check-dependencies.js';
import { groupSpecs, type SpecPath } from './group-specs.js';
import { type ParsedSpec, parseSpec } from './parse-spec.js';

/** A spec file with its text. */
export interface SpecText extends SpecPath {
  readonly text: string;
}

/** Tasks, each with the number by which a list of priorities calls it, where there is one. */
export interface BuiltTasks {
  readonly tasks: readonly Task[];
  readonly priorityNumbers: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes tasks of spec files: those with one id are read together, in the order of their paths. Pure. */
export function buildTasks(files: readonly SpecText[], vocabulary?: Vocabulary): BuiltTasks {
  const diagnostics: Diagnostic[] = [];
  const parsed = new Map(files.map((file) => [file, parseSpec(file.text, file.path, vocabulary)]));
  const specOf = (file: SpecText) => parsed.get(file) as ParsedSpec;
  const grouped = groupSpecs(files, (file) => specOf(file).id);
  diagnostics.push(...grouped.diagnostics);
  const drafts = grouped.groups.flatMap((group) => {
    const specs = group.files.map(specOf);
    diagnostics.push(
      ...specs.flatMap((spec) => spec.diagnostics.map((entry) => ({ ...entry, taskId: group.id }))),
    );
    if (isTaskId(group.id)) return [{ id: group.id, specs }];
    diagnostics.push(badId(group.id, specs[0]?.path ?? ''));
    return [];
  });
  const checked = checkDependencies(drafts);
  diagnostics.push(...checked.diagnostics);
  return {
    tasks: drafts.map(({ id, specs }) => toTask(id, specs, checked.dependsOn.get(id) ?? [])),
    priorityNumbers: new Map(
      grouped.groups.flatMap(({ id, priorityNumber }) => (priorityNumber ? [[priorityNumber, id]] : [])),
    ),
    diagnostics,
  };
}

function toTask(id: string, specs: readonly ParsedSpec[], dependsOn: readonly string[]): Task {
  const title = specs.find((spec) => spec.title !== undefined)?.title ?? id;
  const priority = specs.find((spec) => spec.priority !== undefined)?.priority;
  const estimateMs = specs.find((spec) => spec.estimateMs !== undefined)?.estimateMs;
  const declared = specs.flatMap((spec) => spec.declared);
  return {
    id,
    title,
    specs: specs.map(({ path, text }) => ({ path, text, hash: hashText(text) })),
    dependsOn,
    ...(priority === undefined ? {} : { priority }),
    ...(estimateMs === undefined ? {} : { estimateMs }),
    ...(declared.length === 0 ? {} : { declared }),
  };
}

function badId(id: string, file: string): Diagnostic {
  return {
    code: 'PWT_TASK_ID_INVALID',
    severity: 'error',
    message: `"${id.slice(0, 120)}" can't be the id of a task; its spec is left out.`,
    hint: 'Use letters, digits, "-", "_" and single dots, starting with a letter or digit.',
    file,
  };
}
