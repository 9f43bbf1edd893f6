import type { ProposalFacts, ProposalWords } from '@pwt/coordinator';
import { type ChangedPath, type EndedAttempt, type TaskState, taskText, type Verdict } from '@pwt/core';
import { bounded, code, fenced, oneLine } from './markdown.js';

/** GitHub takes 65,536 characters of a body, and 256 of a title. */
const BODY = 60_000;
const SPEC = 20_000;
const TITLE = 200;
const PATHS = 200;

/**
 * Title and body of a pull request, from the tasks' specs, their changes, their attempts, and what the gate said of the very
 * commit. Specs, paths and reasons are others' text: they are quoted, as code. Pure.
 */
export function wordsOf({ run, asked, taskIds, commit, verdict }: ProposalFacts): ProposalWords {
  const tasks = taskIds.flatMap((id) => run.tasks.get(id) ?? []);
  const parts = [
    ...tasks.flatMap((task) => sectionsOf(task, tasks.length > 1)),
    `## Gate\n\n${gateText(commit, verdict)}`,
    `Made with pwt, run ${code(run.runId)}.`,
  ];
  const named = tasks.filter(({ task }) => asked.includes(task.id));
  return { title: titleOf(named), body: `${bounded(parts.join('\n\n'), BODY)}\n` };
}

function titleOf(tasks: readonly TaskState[]): string {
  const titles = tasks.map(({ task }) => oneLine(task.title) || `Task ${task.id}`);
  const title = titles.length === 1 ? (titles[0] ?? '') : `${titles.length} tasks: ${titles.join('; ')}`;
  return title.length <= TITLE ? title : `${title.slice(0, TITLE - 1)}…`;
}

function sectionsOf(state: TaskState, isOneOfMany: boolean): string[] {
  const { task, changes = [], attempts } = state;
  const specs = task.specs.map(({ path }) => code(path)).join(', ');
  const spec = bounded(taskText(task), SPEC);
  return [
    `## ${isOneOfMany ? `Task ${code(task.id)}` : 'Task'}: ${code(task.title || task.id)}`,
    ...(specs === '' ? [] : [`Spec: ${specs}`]),
    ...(task.dependsOn.length === 0 ? [] : [`Depends on: ${task.dependsOn.map(code).join(', ')}`]),
    ...(spec.trim() === '' ? [] : [details('What was asked for', fenced(spec, 'markdown'))]),
    ...(changes.length === 0 ? [] : [`### Changes\n\n${fenced(changesText(changes))}`]),
    ...(attempts.length === 0 ? [] : [`### Attempts\n\n${attemptsText(attempts)}`]),
  ];
}

function changesText(changes: readonly ChangedPath[]): string {
  const shown = changes.slice(0, PATHS).map(({ path, kind }) => `${kind.padEnd(8)} ${oneLine(path)}`);
  return [...shown, ...(changes.length > PATHS ? [`and ${changes.length - PATHS} more`] : [])].join('\n');
}

function attemptsText(attempts: readonly EndedAttempt[]): string {
  const before = attempts.map(
    ({ number, status, reason }) => `${number}. ${status}: ${code(bounded(oneLine(reason), 300))}`,
  );
  return [...before, `${attempts.length + 1}. came through`].join('\n');
}

function gateText(commit: string, verdict: Verdict | undefined): string {
  const where = code(commit.slice(0, 12));
  if (verdict === undefined) return `No gate has run on ${where}: the run has none.`;
  const { status, durationMs, parts = [] } = verdict;
  const each = parts.map((part) => `* ${code(part.name)}: ${part.status}`);
  const said = `The gate is ${status} on ${where}, the head of this branch (${(durationMs / 1000).toFixed(1)} s).`;
  return [said, ...(each.length === 0 ? [] : ['', ...each])].join('\n');
}

function details(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}
