import type { Diagnostic, Severity } from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { count } from '../format/units.js';

/** Findings as lines: severity, code, message, place, and each hint once; errors first. Mere notes are only counted. Pure. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], colours: Colours): string[] {
  const of = (wanted: Severity): readonly Diagnostic[] =>
    diagnostics.filter(({ severity }) => severity === wanted);
  const notes = of('info');
  const hints = new Set<string | undefined>();
  const shown = [...of('error'), ...of('warning')];
  return [
    ...shown.flatMap((diagnostic) => {
      const hinted = hints.has(diagnostic.hint);
      hints.add(diagnostic.hint);
      return linesOf(diagnostic, hinted, colours);
    }),
    ...(notes.length > 0 ? [colours.dim(`${count(notes.length, 'note')}: see \`pwt plan --check\``)] : []),
  ];
}

function linesOf(diagnostic: Diagnostic, hinted: boolean, { red, yellow, cyan, dim }: Colours): string[] {
  const { severity, code, message, file, line, hint } = diagnostic;
  const paint = { error: red, warning: yellow, info: cyan }[severity];
  const where = file === undefined ? '' : dim(`  ${file}${line === undefined ? '' : `:${line}`}`);
  return [
    `${paint(severity)} ${code}: ${oneLine(message)}${where}`,
    ...(hint === undefined || hinted ? [] : [dim(`  ${oneLine(hint)}`)]),
  ];
}
