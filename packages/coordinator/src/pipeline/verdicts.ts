import type { GatePart, Verdict } from '@pwt/core';

/** What a gate of one command is called where commands are compared by name. */
const ONE_COMMAND = 'gate';

/**
 * The names of a gate's commands that are not green; none: the verdict is green. A command that was not run is among them:
 * nothing is known of it.
 */
export function failingOf({ status, parts }: Verdict): readonly string[] {
  if (status === 'green') return [];
  return parts?.filter((part) => part.status !== 'green').map(({ name }) => name) ?? [ONE_COMMAND];
}

/** The first command that was run and is not green, and that counts. */
export function firstRed({ parts }: Verdict, excused: readonly string[] = []): GatePart | undefined {
  const red = parts?.filter(({ status }) => status !== 'green' && status !== 'skipped') ?? [];
  return red.find(({ name }) => !excused.includes(name)) ?? red[0];
}

/** The end of what a gate that is not green has to say, on one line. */
export function lastLineOf(verdict: Verdict, part?: GatePart): string {
  if (part?.summary !== undefined) return lastLine(part.summary);
  if (verdict.status === 'green') return '';
  return lastLine(verdict.status === 'broken' ? verdict.message : verdict.summary);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
