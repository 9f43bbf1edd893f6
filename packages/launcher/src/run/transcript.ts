import type { AgentActivity } from '@pwt/core';
import { AttemptFiles } from '../attempt/attempt-files.js';
import { type DialectName, dialects } from '../dialects/dialects.js';
import { oneLine } from '../dialects/text.js';

/** The sign in front of what an agent did, by its kind; what it said and printed stands alone. */
const SIGNS: Readonly<Record<AgentActivity['kind'], string>> = {
  message: '',
  output: '',
  tool: '> ',
  error: '! ',
  usage: '= ',
};

/**
 * What an agent has printed, as text for people: what it said in full, a line for each tool call, complaint and count.
 *
 * Plain text is returned as it is. Pure.
 */
export function transcriptOf(dialect: DialectName, log: string): string {
  if (dialect === 'lines') return log;
  const read = dialects[dialect];
  const told: string[] = [];
  for (const line of log.split('\n')) {
    const activity = read(line)?.activity;
    if (activity === undefined || activity.text === '') continue;
    const text =
      SIGNS[activity.kind] +
      (activity.kind === 'output' ? line : (inFull(line, activity.text) ?? activity.text));
    // A call is reported when it begins and when it ends.
    if (text !== told.at(-1)) told.push(text);
  }
  return told.length === 0 ? '' : `${told.join('\n')}\n`;
}

/** The dialect of an attempt's log, by its state directory; plain text where that is not on record. */
export async function attemptDialect(stateDir: string): Promise<DialectName> {
  const name = (await new AttemptFiles(stateDir).record())?.dialect ?? 'lines';
  return Object.hasOwn(dialects, name) ? name : 'lines';
}

/** The text of which an activity shows one line: the string in the event that shortens to it. */
function inFull(line: string, shown: string): string | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return undefined;
  }
  return stringsIn(event)
    .find((text) => text.length > shown.length && oneLine(text) === shown)
    ?.trim();
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
