import type { Diagnostic } from '@pwt/core';
import { isTaskId } from '@pwt/core';
import { type Fields, isFields, textOf } from '../../reading/fields.js';
import { invalidEntry } from '../../reading/invalid-entry.js';
import { readJsonLines } from '../../reading/json-lines.js';

/** An issue, which is work, or groups work. */
export interface Issue {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly fields: Fields;
  readonly line: number;
  /** False for an epic, and for what beads keeps for itself: those are never worked on. */
  readonly isWork: boolean;
}

/** What groups or steers work. All other types, the project's own included, are work. */
const NO_WORK = new Set([
  ...['epic', 'molecule', 'wisp', 'gate', 'agent', 'role', 'rig', 'convoy', 'event', 'message', 'slot'],
  ...['merge-request', 'session', 'spec'],
]);

/** The issues of a JSONL export, without those that are deleted. */
export function readIssues(
  text: string,
  file: string,
): { readonly issues: readonly Issue[]; readonly diagnostics: readonly Diagnostic[] } {
  const issues: Issue[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { value, line } of readJsonLines(text)) {
    // Exports have other records, too, such as memories.
    if (isFields(value) && value._type !== undefined && value._type !== 'issue') continue;
    const id = isFields(value) ? textOf(value.id) : undefined;
    const title = isFields(value) ? textOf(value.title) : undefined;
    if (!isFields(value) || id === undefined || title === undefined || !isTaskId(id)) {
      diagnostics.push(invalidEntry(file, line, whatIsWrong(value, id), 'Write the file again: bd export'));
      continue;
    }
    const status = textOf(value.status) ?? 'open';
    if (status === 'tombstone') continue;
    const isWork = !NO_WORK.has(textOf(value.issue_type) ?? 'task');
    issues.push({ id, title, status, fields: value, line, isWork });
  }
  return { issues, diagnostics };
}

function whatIsWrong(value: unknown, id: string | undefined): string {
  if (value === undefined) return 'is no JSON.';
  return id === undefined || isTaskId(id)
    ? 'is no issue: it needs an "id" and a "title".'
    : `has an id that can't be used: "${id}".`;
}
