import type { Diagnostic } from '@pwt/core';
import { oneLine } from '../../format/text.js';
import { type Page, wrapped } from '../page.js';

const LEFT_OUT: ReadonlySet<string> = new Set(['PWT_TASK_DONE', 'PWT_TASK_LANDED', 'PWT_TASK_WAITS']);

/** Which tasks a plan leaves out, and why. Pure. */
export function leftOutLines(diagnostics: readonly Diagnostic[], page: Page): string[] {
  return diagnostics
    .filter(({ code }) => LEFT_OUT.has(code))
    .flatMap(({ message, hint }) => [
      ...wrapped(oneLine(message), page),
      ...(hint === undefined ? [] : wrapped(`  ${hint}`, page).map(page.colours.dim)),
    ]);
}
