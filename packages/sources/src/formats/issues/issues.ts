import { defined, PwtError } from '@pwt/core';
import { defineFormat, type FormatRequest, type FormatTask, type TaskFormat } from '../../format.js';
import { file as fileOption, type Option } from '../../options.js';
import { priorityOf as priorityOfWord } from '../../reading/fields.js';
import { missingFile } from '../../reading/missing-file.js';
import { recordSpec } from '../../reading/record-spec.js';
import { isVerification } from '../../verification.js';
import { needsIn } from './needs.js';
import { type Issue, readIssues } from './read-issues.js';

export interface IssuesOptions {
  /** @default 'issues.json' */
  readonly file?: string;
  /** A command that prints the issues, as its argv; it is run whenever tasks are loaded, in place of reading a file. */
  readonly command?: readonly string[];
}

const FILE = 'issues.json';
const PREFIX = 'issue-';

const command: Option<readonly string[]> = {
  description: 'a command that prints issues, as a list of its words',
  example: ['gh', 'issue', 'list', '--json', 'number,title,body,labels,milestone,state,url'],
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((word) => typeof word === 'string') &&
    value[0] !== '',
};

/**
 * The issues of a hosted tracker, as `gh issue list --json` and `glab` print them. What they say is text of others. They
 * can't be marked here: the tracker closes them, by a commit that says so.
 */
export const issues: TaskFormat<IssuesOptions> = defineFormat({
  name: 'issues',
  tasks: 'the issues of a tracker',
  options: { file: fileOption(FILE), command },

  async detect(checkout) {
    const text = (await checkout.has(FILE)) ? await checkout.read(FILE) : undefined;
    // The name alone says little.
    const read = text === undefined ? undefined : readIssues(text, FILE);
    return read && read.issues.length > 0 && read.diagnostics.length === 0 ? { path: FILE } : undefined;
  },

  async load(request) {
    const source = request.options.command ? PRINTED : (request.options.file ?? FILE);
    const text = await textOf(request, source);
    if (text === undefined)
      return { tasks: [], diagnostics: await missingFile(request.checkout, request.options.file) };
    const { issues: found, diagnostics } = readIssues(text, source);
    return { tasks: found.map((issue) => taskOf(issue, source)), diagnostics };
  },

  normaliseId(id) {
    const [, number] = /^(?:#|gh-|issue-)?(\d+)$/i.exec(id) ?? [];
    return number === undefined ? id : `${PREFIX}${number}`;
  },
});

/** What the lines of a command's output are said to be in. */
const PRINTED = 'issues';

async function textOf(request: FormatRequest<IssuesOptions>, file: string): Promise<string | undefined> {
  const { options, checkout, runCommand, abortSignal } = request;
  if (!options.command) return checkout.read(file);
  if (!runCommand)
    throw new PwtError(
      'PWT_TASK_COMMAND_FAILED',
      'The tasks come from a command, and no command may be run here.',
      {
        hint: 'Write what it prints into a file, and name that with the option "file".',
      },
    );
  return runCommand(options.command, abortSignal);
}

function taskOf(issue: Issue, path: string): FormatTask {
  const { number, title, body, labels, milestone, url, isClosed, line } = issue;
  const about = [
    url && `Issue: ${url}`,
    labels.length > 0 ? `Labels: ${labels.join(', ')}` : undefined,
  ].filter((text) => text !== undefined && text !== '');
  return {
    id: `${PREFIX}${number}`,
    title: title.slice(0, 120),
    specs: [
      recordSpec({ path, line }, title, [
        [undefined, about.join('\n') || undefined],
        [undefined, body || undefined],
      ]),
    ],
    dependsOn: needsIn(body, url)
      .filter((need) => need !== number)
      .map((need) => `${PREFIX}${need}`),
    ...defined({ priority: priorityOf(labels) }),
    ...(milestone === undefined ? {} : { context: { phase: milestone } }),
    ...(isVerification(title) ? { verification: true as const } : {}),
    ...(isClosed ? { done: `${path}:${line} says that it is closed` } : {}),
  };
}

/** `P0` to `P4`, `priority: high`. */
function priorityOf(labels: readonly string[]): number | undefined {
  for (const label of labels) {
    const [, level] = /^p([0-4])$/i.exec(label) ?? [];
    if (level !== undefined) return 2 - Number(level);
    const [, word] = /^priority\s*[:/ -]\s*(\w+)$/i.exec(label) ?? [];
    const priority = priorityOfWord(word);
    if (priority !== undefined) return priority;
  }
  return undefined;
}
