import { type Diagnostic, defined, isTaskId } from '@pwt/core';
import type { FormatTask } from '../../format.js';
import { priorityOf, textOf } from '../../reading/fields.js';
import { invalidEntry } from '../../reading/invalid-entry.js';
import { asksForLabels, labelsIn } from '../../reading/labels.js';
import { recordSpec, type Section } from '../../reading/record-spec.js';
import { statusFields, statusKind } from '../../reading/status.js';
import { isVerification } from '../../verification.js';
import { type Leaf, leavesOf, needsOf } from './needs.js';
import type { Entry, TagList } from './task-list.js';

/** How the ids of one tag begin; those of several begin with their tags. */
export const PREFIX = 'tm-';

interface TagTasks {
  readonly tasks: readonly FormatTask[];
  readonly diagnostics: readonly Diagnostic[];
  /** What is to be said of tasks that are worked on by their subtasks. */
  readonly notes: readonly (readonly [id: string, note: string])[];
}

/** The tasks of a tag. @param several whether the tasks of other tags are read, too */
export function tasksOf({ tag, entries }: TagList, file: string, several: boolean): TagTasks {
  const leaves = leavesOf(entries);
  const needs = needsOf(entries, leaves);
  const prefix = several && tag !== undefined ? `${safe(tag)}-` : PREFIX;
  const diagnostics: Diagnostic[] = [];
  const tasks = leaves.flatMap((leaf): readonly FormatTask[] => {
    const { entry, parents } = leaf;
    const id = `${prefix}${entry.id}`;
    if (!isTaskId(id)) {
      diagnostics.push(invalidEntry(file, entry.line, `has an id that can't be used: "${entry.id}".`));
      return [];
    }
    const priority = [entry, ...[...parents].reverse()]
      .map(({ fields }) => priorityOf(fields.priority))
      .find((one) => one !== undefined);
    const labelled = [entry, ...[...parents].reverse()].find(({ fields }) => asksForLabels(fields)) ?? entry;
    const labels = labelsIn(labelled.fields, { path: file, line: labelled.line, taskId: id });
    diagnostics.push(...labels.diagnostics);
    return [
      {
        id,
        title: entry.title.slice(0, 120),
        specs: [recordSpec({ path: file, line: entry.line }, entry.title, sectionsOf(leaf))],
        dependsOn: (needs.get(entry.id) ?? []).map((need) => `${prefix}${need}`),
        ...defined({ priority, runsOn: labels.runsOn }),
        ...(tag === undefined ? {} : { context: { phase: tag } }),
        ...(isVerification(entry.title) ? { verification: true as const } : {}),
        ...stateOf(leaf, file),
      },
    ];
  });
  const wholes = entries.filter(({ subtasks }) => subtasks.length > 0);
  const notes = wholes.map(({ id, subtasks }) => {
    const parts = subtasks.map((part) => `${prefix}${part.id}`).join(', ');
    return [`${prefix}${id}`, `${prefix}${id} is worked on by its subtasks: ${parts}.`] as const;
  });
  return { tasks, diagnostics, notes };
}

/** Its own texts first; those of the tasks that it is a part of come below, for what they say of the whole. */
function sectionsOf({ entry, parents }: Leaf): readonly Section[] {
  const own = textsOfEntry(entry);
  const namesFiles = PATH.test([entry.title, ...own.map(([, text = '']) => text)].join('\n'));
  return [...own, ...[...parents].reverse().flatMap((parent) => parentSections(parent, namesFiles))];
}

function textsOfEntry({ fields, title }: Entry): readonly Section[] {
  const description = textOf(fields.description);
  return [
    [undefined, description === title ? undefined : description],
    ['Details', textOf(fields.details)],
    ['Test strategy', textOf(fields.testStrategy)],
  ];
}

const PATH = /[\w@.-]+\/[\w@.-]+|\b[\w-]+\.[a-z]\w{0,4}\b/;

/**
 * Where a subtask names files itself, what the whole task names is no claim of it: then that is a block of code, in which no
 * claims are looked for.
 */
function parentSections({ id, title, fields }: Entry, namesFiles: boolean): readonly Section[] {
  const texts = [title, textOf(fields.description), textOf(fields.details)].filter(
    (text) => text !== undefined,
  );
  const text = texts.join('\n\n');
  return [[`Part of task ${id}`, namesFiles ? `${FENCE}text\n${text}\n${FENCE}` : text]];
}

/** Longer than those in texts. */
const FENCE = '~'.repeat(8);

function stateOf({ entry, parents }: Leaf, file: string) {
  const all = [entry, ...[...parents].reverse()];
  const decisive =
    all.find(isDone) ?? all.find(({ fields }) => statusKind(textOf(fields.status) ?? '') === 'deferred');
  if (!decisive) return {};
  return statusFields(textOf(decisive.fields.status) ?? '', `${file}:${decisive.line}`);
}

export function isDone({ fields }: Entry): boolean {
  return statusKind(textOf(fields.status) ?? '') === 'done';
}

/** True for a task that is finished, by itself or with one that it is a part of. */
export function isFinished({ entry, parents }: Leaf): boolean {
  return [entry, ...parents].some(isDone);
}

/** The id that a task of a list has where its id was given as `known`. */
export function idOf({ id }: Entry, tag: string | undefined, known: string): string {
  return known.startsWith(PREFIX) || tag === undefined ? `${PREFIX}${id}` : `${safe(tag)}-${id}`;
}

function safe(tag: string): string {
  return (
    tag
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'tag'
  );
}
