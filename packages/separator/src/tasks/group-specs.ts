import { type Diagnostic, defined } from '@pwt/core';
import { parseSpecName, type SpecName } from './spec-name.js';

/** Where a spec file was found. */
export interface SpecPath {
  /** Relative to the repository root. */
  readonly path: string;
  /** The name that holds the id: the file's without extension, or the folder's for a spec of several files. */
  readonly name: string;
}

export interface SpecGroup<T extends SpecPath> {
  readonly id: string;
  /** Its number in a list of priorities, if that differs from the id. */
  readonly priorityNumber?: string;
  readonly files: readonly T[];
}

export interface GroupedSpecs<T extends SpecPath> {
  readonly groups: readonly SpecGroup<T>[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts the files of one task together.
 *
 * Where some names number a story by its priority (`SPEC-12-us-047-…`), unpadded numbers are priorities and
 * padded ones are stories, so `SPEC-12-x` and `SPEC-012-y` are two tasks: `p12` and `12`. Everywhere else
 * they are two spellings of one id: they are one task, and that is reported. Tasks are numbered apart from stories, so
 * `US-1-x` and `TASK-1-y` are two tasks: `1` and `t1`.
 */
export function groupSpecs<T extends SpecPath>(
  files: readonly T[],
  idOf?: (file: T) => string | undefined,
): GroupedSpecs<T> {
  const named = files.flatMap((file) => {
    const name = parseSpecName(file.name);
    return name ? [{ file, name }] : [];
  });
  const byTask = ownNumbers(named.map(({ name }) => name));
  const byPriority = named.some(({ name }) => name.story !== undefined && !name.padded);
  const padded = new Set(named.filter(({ name }) => name.padded && !name.story).map(({ name }) => name.id));
  const groups = new Map<string, { file: T; name: SpecName }[]>();
  for (const entry of named) {
    const { name } = entry;
    const isPriority = byPriority && isPlaceInList(name) && padded.has(name.id) && /^\d+$/.test(name.id);
    const id =
      idOf?.(entry.file) ?? (isPriority ? `p${name.id}` : byTask.has(name) ? `t${name.id}` : name.id);
    const group = groups.get(id);
    if (group) group.push(entry);
    else groups.set(id, [entry]);
  }
  const found = [...groups].map(([id, entries]) => ({ id, entries }));
  return {
    groups: found.map(({ id, entries }) => toGroup(id, entries)).sort((a, b) => compareIds(a.id, b.id)),
    diagnostics: [
      ...files.filter((file) => parseSpecName(file.name) === undefined).map(nameless),
      ...found.flatMap(({ id, entries }) => spellings(id, entries)),
    ],
  };
}

/** True if the number of a name may be its place in a list of priorities. */
function isPlaceInList({ word, padded, story }: SpecName): boolean {
  return (word === 'SPEC' || word === 'PRIORITY') && !padded && story === undefined;
}

/** Names of tasks that are numbered apart from stories and specs: `TASK-1-x` beside `US-1-y`. */
function ownNumbers(names: readonly SpecName[]): ReadonlySet<SpecName> {
  const others = new Set(names.filter(({ word }) => word !== 'TASK').map(({ id }) => id));
  return new Set(names.filter(({ word, id }) => word === 'TASK' && others.has(id)));
}

/** Reports a file that looks like a spec and has no usable id: it is left out. */
function nameless({ path }: SpecPath): Diagnostic {
  return {
    code: 'PWT_SPEC_NAME_INVALID',
    severity: 'warning',
    message: `${JSON.stringify(path)} is left out: its name holds no id that is safe in branch and file names.`,
    hint: 'Name it SPEC-<number>-<words>.md.',
    path,
    line: 1,
  };
}

function toGroup<T extends SpecPath>(
  id: string,
  entries: readonly { file: T; name: SpecName }[],
): SpecGroup<T> {
  const other = entries.find(({ name }) => name.story !== undefined && name.number !== id)?.name.number;
  const files = entries.map(({ file }) => file).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { id, files, ...defined({ priorityNumber: other }) };
}

/**
 * Reports files that share an id: as a warning where they spell it differently or are in different folders,
 * which may be a mistake; else as a note, since parts of one spec are often files side by side.
 */
function spellings(
  id: string,
  entries: readonly { file: SpecPath; name: SpecName }[],
): readonly Diagnostic[] {
  const plain = entries.filter(({ name }) => name.story === undefined);
  const numbers = new Set(plain.map(({ name }) => name.number));
  const folders = new Set(plain.map(({ file }) => file.path.slice(0, file.path.indexOf(file.name))));
  const names = new Set(plain.map(({ file }) => file.name));
  const isDoubtful = numbers.size > 1 || folders.size > 1;
  if (names.size < 2 && !isDoubtful) return [];
  const [first, ...others] = plain.map(({ file }) => file.path).sort();
  if (first === undefined) return [];
  const how =
    numbers.size > 1
      ? 'spell the id differently'
      : folders.size > 1
        ? 'are in different folders'
        : 'have its id';
  return [
    {
      code: 'PWT_TASK_ID_DUPLICATE',
      severity: isDoubtful ? 'warning' : 'info',
      message: `Task ${id} is read from several files that ${how}: ${[first, ...others].slice(0, 5).join(', ')}.`,
      hint: 'If these are different tasks, change the number of one of them, or set `id:` in its front matter.',
      taskIds: [id],
      path: others[0] ?? first,
      line: 1,
    },
  ];
}

const byNumber = new Intl.Collator('en', { numeric: true });

/** Numbers before words, numbers by value. */
function compareIds(a: string, b: string): number {
  return byNumber.compare(a, b);
}
