import { createHash } from 'node:crypto';

/**
 * The hash of a task's text, for `SpecFile.hash`. It is recorded in runs and identifies tasks that have landed:
 * with another hash, such tasks would start again.
 */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
