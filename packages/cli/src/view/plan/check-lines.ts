import { type Diagnostic, defined } from '@pwt/core';
import { formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';

/** A finding as compilers print it: `file:line: severity CODE message`; `pwt` stands for a finding without a file. */
export function checkLine({ path, line, severity, code, message }: Diagnostic): string {
  const where = path === undefined ? 'pwt' : formatPlace({ path, ...defined({ line }) });
  return oneLine(`${where}: ${severity} ${code} ${message}`);
}

/** Findings by file, line and code; those without a file come first. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return compare(a.path ?? '', b.path ?? '') || (a.line ?? 0) - (b.line ?? 0) || compare(a.code, b.code);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
