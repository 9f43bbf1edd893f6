import type { Diagnostic } from '@pwt/core';
import { type Fields, isFields, textOf } from '../../reading/fields.js';
import { invalidEntry, invalidList } from '../../reading/invalid-entry.js';
import { JsonText, type JsonValue } from '../../reading/json-text.js';

/** A task or a subtask as it is in the file. */
export interface Entry {
  /** `5`, or `5.2` for a subtask. */
  readonly id: string;
  readonly title: string;
  readonly fields: Fields;
  readonly line: number;
  /** Where it is in the file. */
  readonly path: JsonValue['path'];
  readonly subtasks: readonly Entry[];
}

/** The list of a tag. */
export interface TagList {
  /** `undefined` in a file without tags. */
  readonly tag: string | undefined;
  readonly entries: readonly Entry[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TagLists {
  readonly lists: readonly TagList[];
  /** Why nothing can be read. */
  readonly problem?: Diagnostic;
}

/** The lists of a `tasks.json`: one for each tag, or a single one in a file of the time before there were tags. */
export function readTagLists(text: string, file: string): TagLists {
  const json = new JsonText(text);
  const refuse = (line: number, what: string): TagLists => ({
    lists: [],
    problem: invalidList(file, line, what, 'Correct that line, or have task-master write the file again.'),
  });
  if (json.problem) return refuse(json.problem.line, `is no JSON: ${json.problem.message}.`);
  const root = json.at()?.value;
  if (!isFields(root)) return refuse(1, 'has no list "tasks".');
  if (Array.isArray(root.tasks)) return { lists: [readList(json, ['tasks'], undefined, file)] };
  const tags = Object.keys(root).filter((tag) => Array.isArray((root[tag] as Fields | null)?.tasks));
  return { lists: tags.map((tag) => readList(json, [tag, 'tasks'], tag, file)) };
}

function readList(json: JsonText, path: JsonValue['path'], tag: string | undefined, file: string): TagList {
  const diagnostics: Diagnostic[] = [];
  const read = (values: readonly JsonValue[], prefix: string): readonly Entry[] =>
    values.flatMap((value): readonly Entry[] => {
      const { value: fields, line } = value;
      const own = isFields(fields) ? ownId(fields.id) : undefined;
      const title = isFields(fields) ? (textOf(fields.title) ?? textOf(fields.description)) : undefined;
      if (!isFields(fields) || own === undefined || title === undefined) {
        diagnostics.push(invalidEntry(file, line, 'is no task: it needs an "id" and a "title".'));
        return [];
      }
      // Some files write the ids of subtasks in full.
      const id = prefix === '' || own.startsWith(prefix) ? own : `${prefix}${own}`;
      const subtasks = read(json.list([...value.path, 'subtasks']), `${id}.`);
      return [{ id, title: title.split('\n', 1)[0] ?? title, fields, line, path: value.path, subtasks }];
    });
  return { tag, entries: read(json.list(path), ''), diagnostics };
}

/** An id that can be a part of a task's id here. */
function ownId(value: unknown): string | undefined {
  const id = textOf(value);
  return id !== undefined && /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(id) ? id : undefined;
}
