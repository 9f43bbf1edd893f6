import { oneLine, withoutEscapes } from './text.js';

const MAX_LENGTH = 4096;

/** How lines begin by which programs of all kinds say that something is wrong. */
const ERROR_LINE =
  /^\W{0,4}(?:[\w.]*(?:error|exception)\b|fatal\b|panic(?:ked)?\b|thread '.*' panicked|uncaught\b|failed\b|failure\b|\[?error\]?[ :])|\blevel=(?:error|fatal)\b|^\S*\d\d:\d\d:\d\d\S*\s+(?:error|fatal)\b/i;

/** Lines that only say that something is tried again. */
const RETRY_LINE =
  /\bretrying\b|\breconnecting\b|\bretry (?:\d|in\b|after\b|attempt\b|of\b)|\battempt \d+ (?:of|\/) ?\d+|\battempt \d+ failed\b|\bback(?:ing)?[ -]?off\b/i;

/** What a line complains of, as one line; `undefined` if it is no complaint. */
export function complaintIn(line: string): string | undefined {
  const text = withoutEscapes(line.slice(0, MAX_LENGTH));
  return ERROR_LINE.test(text.trim()) ? oneLine(complaintOf(text)) : undefined;
}

/** What a line of a structured log (`level=ERROR … error="what happened"`) complains of; else the line itself. */
export function complaintOf(line: string): string {
  const text = line.slice(0, MAX_LENGTH);
  const quoted = /\berror="((?:[^"\\]|\\.)+)"/.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replace(/\\(.)/g, '$1');
}

export function isRetryLine(line: string): boolean {
  return RETRY_LINE.test(line.slice(0, MAX_LENGTH));
}
