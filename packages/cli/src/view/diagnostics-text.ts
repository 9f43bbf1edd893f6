import type { Diagnostic, Severity } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { count } from '../format/units.js';
import { widthOf } from '../format/width.js';
import { most, type Page, wrapped } from './page.js';
import { isLeftOut } from './plan/left-out-lines.js';

const MOST_FINDINGS = 12;
const MOST_ALIKE = 3;

/**
 * Findings as lines: severity, code, message, place, and each hint once; errors first. Mere notes, and what is
 * too much for a terminal, are only counted; which tasks are left out stands elsewhere. Pure.
 */
export function diagnosticLines(diagnostics: readonly Diagnostic[], page: Page): string[] {
  const of = (wanted: Severity): readonly Diagnostic[] =>
    diagnostics.filter(({ severity }) => severity === wanted);
  const errors = of('error');
  const warnings = of('warning');
  const limit = most(page, Math.max(3, MOST_FINDINGS - errors.length));
  const shown = [...errors, ...alike(warnings, page).slice(0, limit)];
  const left = errors.length + warnings.length - shown.length;
  const notes = of('info').filter((one) => !isLeftOut(one)).length;
  const hints = new Set<string | undefined>();
  const counted = [
    ...(left > 0 ? [count(left, 'more warning')] : []),
    ...(notes > 0 ? [count(notes, 'note')] : []),
  ];
  return [
    ...shown.flatMap((diagnostic) => {
      const hinted = hints.has(diagnostic.hint);
      hints.add(diagnostic.hint);
      return linesOf(diagnostic, hinted, page);
    }),
    ...(counted.length > 0 ? [page.colours.dim(`${counted.join(' and ')}: see \`pwt plan --check\``)] : []),
  ];
}

/** The first few of each code: the same problem is told often enough. */
function alike(diagnostics: readonly Diagnostic[], page: Page): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  return diagnostics.filter(({ code }) => {
    const before = counts.get(code) ?? 0;
    counts.set(code, before + 1);
    return before < most(page, MOST_ALIKE);
  });
}

function linesOf(diagnostic: Diagnostic, hinted: boolean, page: Page): string[] {
  const { red, yellow, cyan, dim } = page.colours;
  const { severity, code, message, path, line, hint } = diagnostic;
  const paint = { error: red, warning: yellow, info: cyan }[severity];
  const where = path === undefined ? '' : `  ${oneLine(path)}${line === undefined ? '' : `:${line}`}`;
  const text = `${severity} ${code}: ${oneLine(message)}`;
  const painted = (part: string): string => `${paint(severity)}${part.slice(severity.length)}`;
  const [first = '', ...more] = wrapped(text, page);
  const last = more.at(-1) ?? first;
  const fits = page.columns === undefined || widthOf(last) + widthOf(where) <= page.columns;
  const body = [painted(first), ...more];
  return [
    ...(fits ? [...body.slice(0, -1), `${body.at(-1)}${dim(where)}`] : [...body, dim(where)]),
    ...(hint === undefined || hinted ? [] : wrapped(`  ${oneLine(hint)}`, page).map(dim)),
  ];
}
