import type { Diagnostic } from '@pwt/core';
import { type Fields, isFields, textOf } from '../../reading/fields.js';
import { invalidEntry, invalidList } from '../../reading/invalid-entry.js';
import { JsonText } from '../../reading/json-text.js';

/** An issue, as `gh` and `glab` print it. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly milestone: string | undefined;
  readonly url: string | undefined;
  readonly isClosed: boolean;
  readonly line: number;
}

const HINT =
  'Have it written anew: gh issue list --state all --json number,title,body,labels,milestone,state,url';

/** The issues of a JSON list. @param source what the text is called in messages: a file, or a command */
export function readIssues(
  text: string,
  source: string,
): { readonly issues: readonly Issue[]; readonly diagnostics: readonly Diagnostic[] } {
  const json = new JsonText(text);
  const refuse = (line: number, what: string) => ({
    issues: [],
    diagnostics: [invalidList(source, line, what, HINT)],
  });
  if (json.problem) return refuse(json.problem.line, `is no JSON: ${json.problem.message}.`);
  if (!Array.isArray(json.at()?.value)) return refuse(1, 'has no list of issues.');
  const issues: Issue[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { value, line } of json.list([])) {
    const issue = isFields(value) ? issueOf(value, line) : undefined;
    if (issue) issues.push(issue);
    else
      diagnostics.push(invalidEntry(source, line, 'is no issue: it needs a "number" and a "title".', HINT));
  }
  return { issues, diagnostics };
}

function issueOf(fields: Fields, line: number): Issue | undefined {
  // `iid` is the number that people see where `id` counts the issues of all projects.
  const number = fields.number ?? fields.iid;
  const title = textOf(fields.title);
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || title === undefined)
    return undefined;
  return {
    number,
    title: title.replace(/\s+/g, ' '),
    body: textOf(fields.body) ?? textOf(fields.description) ?? '',
    labels: labelsOf(fields.labels),
    milestone: isFields(fields.milestone) ? textOf(fields.milestone.title) : textOf(fields.milestone),
    url: textOf(fields.url) ?? textOf(fields.web_url),
    // "CLOSED" or "closed"; an issue of which nothing is said is open, as `gh issue list` lists those alone.
    isClosed: textOf(fields.state)?.toLowerCase() === 'closed',
    line,
  };
}

/** A list of names, or of objects with a name. */
function labelsOf(labels: unknown): readonly string[] {
  return (Array.isArray(labels) ? labels : []).flatMap(
    (label: unknown) => textOf(isFields(label) ? label.name : label) ?? [],
  );
}
