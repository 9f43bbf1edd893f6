import { randomUUID } from 'node:crypto';
import { PwtError } from '@pwt/core';

/**
 * The environment variable that tells to which attempt a process belongs. Descendants inherit it, whatever session,
 * group or parent they move to, unless they clear their environment.
 *
 * Its value is a comma-separated list, outermost first: a pwt that runs inside an agent of another pwt adds
 * its mark to the one that it inherited, so that both still find their processes.
 */
export const MARK_VARIABLE = 'PWT_MARK';

/** A new mark that no other run has. */
export function createMark(): string {
  return `pwt-${randomUUID()}`;
}

/** @throws PwtError `PWT_PROCESS_BAD_REQUEST` for a mark that the environment could not pass on unchanged */
export function assertMark(mark: string): void {
  if (/^[\w.-]{1,200}$/.test(mark)) return;
  throw new PwtError('PWT_PROCESS_BAD_REQUEST', `${JSON.stringify(mark)} is not a process mark.`, {
    hint: 'Use createMark(), or letters, digits, ".", "_" and "-" only.',
    data: { mark },
  });
}

/** The value of {@link MARK_VARIABLE} for a child of a process that has `inherited`. */
export function joinMark(inherited: string | undefined, mark: string): string {
  return inherited === undefined || inherited === '' ? mark : `${inherited},${mark}`;
}

/** The marks in an environment block as the kernel gives it: `NAME=value` entries, each ended by a NUL. */
export function marksOf(environ: Buffer): readonly string[] {
  const needle = `${MARK_VARIABLE}=`;
  for (let at = environ.indexOf(needle); at !== -1; at = environ.indexOf(needle, at + 1)) {
    if (at !== 0 && environ[at - 1] !== 0) continue;
    const end = environ.indexOf(0, at);
    return environ.toString('utf8', at + needle.length, end === -1 ? environ.length : end).split(',');
  }
  return [];
}
