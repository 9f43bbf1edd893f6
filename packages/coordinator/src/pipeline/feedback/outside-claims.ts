import type { TaskState } from '@pwt/core';
import { inline } from './quote.js';

const PATHS = 30;

/** For an agent that has changed files that are not its task's. */
export function outsideClaims({ outside = [] }: TaskState): string {
  const shown = outside.slice(0, PATHS).map((path) => `- \`${inline(path)}\``);
  const more = outside.length > PATHS ? [`- and ${outside.length - PATHS} more`] : [];
  return [
    "Your work changes files that are not your task's, and that is not allowed here:",
    [...shown, ...more].join('\n'),
    'Put them back as they were where your branch started, and do the task within its own files.',
  ].join('\n\n');
}
