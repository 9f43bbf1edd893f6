import type { Diagnostic } from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';

/** Findings as lines: severity, code, message, place, hint. */
export function diagnosticLines(
  diagnostics: readonly Diagnostic[],
  { red, yellow, cyan, dim }: Colours,
): string[] {
  const paint = { error: red, warning: yellow, info: cyan };
  return diagnostics.flatMap(({ severity, code, message, file, line, hint }) => {
    const where = file === undefined ? '' : dim(`  ${file}${line === undefined ? '' : `:${line}`}`);
    return [
      `${paint[severity](severity)} ${code}: ${oneLine(message)}${where}`,
      ...(hint === undefined ? [] : [dim(`  ${oneLine(hint)}`)]),
    ];
  });
}
