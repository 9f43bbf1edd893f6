import { defined } from '@pwt/core';
import type { Checkout } from '../../checkout.js';
import { defineFormat, type FormatTask, type TaskFormat } from '../../format.js';
import { withJsonLineValue } from '../../marking/json-value.js';
import { numberOf, textOf } from '../../reading/fields.js';
import { recordSpec } from '../../reading/record-spec.js';
import { statusFields, statusKind } from '../../reading/status.js';
import { isVerification } from '../../verification.js';
import { type Issue, readIssues } from './issue-list.js';
import { needsOf } from './needs.js';

const FILES = ['.beads/issues.jsonl', '.beads/beads.jsonl'];
const DONE = 'closed';
/** The priority of an issue of which nothing is said, of 0 to 4. */
const MEDIUM = 2;
const MINUTE_MS = 60_000;

/** The issues of beads that are not closed, out of its JSONL file. Epics are no tasks; their parts are. */
export const beads: TaskFormat = defineFormat({
  name: 'beads',
  tasks: 'the issues of beads',
  options: {},

  async detect(checkout) {
    const file = await fileOf(checkout);
    if (file === undefined) return undefined;
    return readIssues((await checkout.read(file)) ?? '', file).issues.some(({ isWork }) => isWork)
      ? { path: file }
      : undefined;
  },

  async load({ checkout }) {
    const file = await fileOf(checkout);
    const text = file === undefined ? undefined : await checkout.read(file);
    if (file === undefined || text === undefined) return { tasks: [] };
    const { issues, diagnostics } = readIssues(text, file);
    const needs = needsOf(issues);
    const groups = issues.filter(({ isWork }) => !isWork);
    return {
      tasks: issues
        .filter(({ isWork }) => isWork)
        .map((issue) => taskOf(issue, needs.get(issue.id) ?? [], file)),
      diagnostics,
      notes: new Map(
        groups.map(({ id, fields }) => [
          id,
          `${id} is of the type "${textOf(fields.issue_type)}": its parts are tasks.`,
        ]),
      ),
    };
  },

  normaliseId: (id) => (/^\d+$/.test(id) ? `bd-${id}` : id),

  async markDone({ task, read }) {
    const { path = '' } = task.specs[0] ?? {};
    const text = await read(path);
    const issue =
      text === undefined ? undefined : readIssues(text, path).issues.find(({ id }) => id === task.id);
    if (text === undefined || !issue || statusKind(issue.status) === 'done') return [];
    const closed = withJsonLineValue(text, issue.line, 'status', DONE);
    // beads takes no closed issue without a time. The last one that is known is the same whenever this is asked.
    const time = textOf(issue.fields.updated_at) ?? textOf(issue.fields.created_at);
    return [
      { path, text: time === undefined ? closed : withJsonLineValue(closed, issue.line, 'closed_at', time) },
    ];
  },
});

async function fileOf(checkout: Checkout): Promise<string | undefined> {
  for (const file of FILES) if (await checkout.has(file)) return file;
  return undefined;
}

function taskOf(
  { id, title, status, fields, line }: Issue,
  needs: readonly string[],
  file: string,
): FormatTask {
  const minutes = numberOf(fields.estimated_minutes);
  const sections = [
    [undefined, textOf(fields.description)],
    ['Design', textOf(fields.design)],
    ['Acceptance criteria', textOf(fields.acceptance_criteria)],
    ['Notes', textOf(fields.notes)],
  ] as const;
  return {
    id,
    title: title.slice(0, 120),
    specs: [recordSpec({ path: file, line }, title, sections)],
    dependsOn: needs,
    ...defined({ estimateMs: minutes && minutes * MINUTE_MS }),
    priority: MEDIUM - (numberOf(fields.priority) ?? MEDIUM),
    ...(isVerification(title) ? { verification: true as const } : {}),
    ...statusFields(status, `${file}:${line}`),
  };
}
