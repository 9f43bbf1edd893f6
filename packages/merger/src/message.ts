import type { WorkSubject } from '@pwt/core';

/** A line of git-interpret-trailers(1). */
const TRAILER = /^[A-Za-z0-9-]+: ./;

/**
 * Adds `Pwt-Task` for each task, and more trailers, in the block of trailers that the message may already have. A line
 * that is in the message is not repeated.
 */
export function withTrailers(message: string, subject: WorkSubject, more: readonly string[] = []): string {
  const text = message.trimEnd();
  const known = new Set(text.split('\n'));
  const taskIds = subject.kind === 'tasks' ? subject.taskIds : [];
  const wanted = [...taskIds.map((taskId) => `Pwt-Task: ${taskId}`), ...more];
  const missing = [...new Set(wanted)].filter((line) => !known.has(line));
  if (missing.length === 0) return `${text}\n`;
  const lastParagraph = text.slice(text.lastIndexOf('\n\n') + 2);
  const hasTrailers = text.includes('\n\n') && lastParagraph.split('\n').every((line) => TRAILER.test(line));
  return `${text}${hasTrailers ? '\n' : '\n\n'}${missing.join('\n')}\n`;
}

/** A message without the trailers that only pwt writes: an agent may have written them, or an earlier run. */
export function withoutOwnTrailers(message: string): string {
  return message
    .split('\n')
    .filter((line) => !/^Pwt-(Task|Spec|Gate):/i.test(line))
    .join('\n')
    .trim();
}
