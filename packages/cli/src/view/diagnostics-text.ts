import type { Diagnostic, Severity } from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';

/** Above so many, mere notes are only counted: they must not bury what matters. */
const MOST_NOTES = 5;

/** Findings as lines: severity, code, message, place, hint; what matters most comes first. Pure. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], colours: Colours): string[] {
  const of = (wanted: Severity): readonly Diagnostic[] =>
    diagnostics.filter(({ severity }) => severity === wanted);
  const notes = of('info');
  const tooMany = notes.length > MOST_NOTES;
  const shown = [...of('error'), ...of('warning'), ...(tooMany ? [] : notes)];
  return [
    ...shown.flatMap((diagnostic) => linesOf(diagnostic, colours)),
    ...(tooMany ? [colours.dim(`… and ${notes.length} notes (see --json)`)] : []),
  ];
}

function linesOf(diagnostic: Diagnostic, { red, yellow, cyan, dim }: Colours): string[] {
  const { severity, code, message, file, line, hint } = diagnostic;
  const paint = { error: red, warning: yellow, info: cyan }[severity];
  const where = file === undefined ? '' : dim(`  ${file}${line === undefined ? '' : `:${line}`}`);
  return [
    `${paint(severity)} ${code}: ${oneLine(message)}${where}`,
    ...(hint === undefined ? [] : [dim(`  ${oneLine(hint)}`)]),
  ];
}
