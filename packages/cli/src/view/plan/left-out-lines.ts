import type { Diagnostic } from '@pwt/core';
import { oneLine } from '../../format/text.js';
import { type Page, wrapped } from '../page.js';

const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['PWT_TASK_DONE', 'PWT_TASK_LANDED', 'PWT_TASK_WAITS', 'PWT_TASK_DEFERRED'],
]);
const FINISHED: ReadonlySet<string> = new Set(['PWT_TASK_DONE', 'PWT_TASK_LANDED']);
const NOT_YET: ReadonlySet<string> = new Set(['PWT_TASK_WAITS', 'PWT_TASK_DEFERRED']);

/** True for what says which tasks were left out: it is told in full, and is no note beside others. */
export function isLeftOut({ code }: Diagnostic): boolean {
  return LEFT_OUT.has(code);
}

/** The first line of a plan without tasks: whether there never were any, or all are finished. Pure. */
export function noTasksLine(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.some(({ code }) => NOT_YET.has(code))) return 'No task is ready.';
  const isFinished = diagnostics.some(({ code }) => FINISHED.has(code));
  return isFinished ? 'Nothing is left to do: all tasks are finished.' : 'No tasks.';
}

/** Which tasks a plan leaves out, and why. Pure. */
export function leftOutLines(diagnostics: readonly Diagnostic[], page: Page): string[] {
  return diagnostics
    .filter(isLeftOut)
    .flatMap(({ message, hint }) => [
      ...wrapped(oneLine(message), page),
      ...(hint === undefined ? [] : wrapped(`  ${hint}`, page).map(page.colours.dim)),
    ]);
}
