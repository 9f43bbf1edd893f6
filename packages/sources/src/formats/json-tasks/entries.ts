import type { Diagnostic } from '@pwt/core';
import { type Fields, isFields } from '../../reading/fields.js';
import { invalidEntry, invalidList } from '../../reading/invalid-entry.js';
import { readJsonLines } from '../../reading/json-lines.js';
import { JsonText } from '../../reading/json-text.js';

/** An entry of the file, before it is known whether it is a task. */
export interface Entry {
  readonly fields: Fields;
  readonly line: number;
  /** Where it is in a JSON text; absent for a line of a JSONL text. */
  readonly path?: readonly (string | number)[];
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly diagnostics: readonly Diagnostic[];
}

const SHAPE = 'For example: [{"id": "1", "title": "Log in", "files": {"write": ["src/login.ts"]}}]';

/** The entries of a file: a list, a list under `tasks`, or a line each where the name ends in `.jsonl`. */
export function readEntries(text: string, file: string): Entries {
  return /\.(?:jsonl|ndjson)$/i.test(file) ? ofLines(text, file) : ofList(text, file);
}

function ofLines(text: string, file: string): Entries {
  const lines = readJsonLines(text);
  return {
    entries: lines.flatMap(({ value, line }) => (isFields(value) ? { fields: value, line } : [])),
    diagnostics: lines.flatMap(({ value, line }) =>
      isFields(value) ? [] : invalidEntry(file, line, value === undefined ? 'is no JSON.' : NO_OBJECT),
    ),
  };
}

function ofList(text: string, file: string): Entries {
  const json = new JsonText(text);
  const refuse = (line: number, what: string): Entries => ({
    entries: [],
    diagnostics: [invalidList(file, line, what, SHAPE)],
  });
  if (json.problem) return refuse(json.problem.line, `is no JSON: ${json.problem.message}.`);
  const root = json.at()?.value;
  if (!Array.isArray(root) && !(isFields(root) && Array.isArray(root.tasks)))
    return refuse(1, 'has no list of tasks.');
  const found = json.list(Array.isArray(root) ? [] : ['tasks']);
  return {
    entries: found.flatMap(({ value, line, path }) => (isFields(value) ? { fields: value, line, path } : [])),
    diagnostics: found.flatMap(({ value, line }) =>
      isFields(value) ? [] : invalidEntry(file, line, NO_OBJECT),
    ),
  };
}

const NO_OBJECT = 'is no task: a task is an object with an "id" and a "title".';
