import { createHash } from 'node:crypto';

/**
 * The hash of a task's text, for `SpecFile.hash`. Recorded runs hold it: by it a task that has landed is known, so
 * another hash would start such tasks again.
 */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
