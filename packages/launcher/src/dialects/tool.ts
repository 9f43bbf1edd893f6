import { type JsonObject, textOf } from './json.js';
import { oneLine } from './text.js';

/** The argument that tells a person most about a tool call, by the names that agents give it. */
const TELLING = [
  'command',
  'cmd',
  'file_path',
  'filePath',
  'absolute_path',
  'path',
  'pattern',
  'query',
  'url',
  'description',
] as const;

/** A tool call as a person reads it: `Bash npm test`, `Write src/a.ts`. */
export function describeTool(name: string, input: JsonObject | undefined): string {
  const telling = TELLING.map((field) => textOf(input?.[field])).find((value) => value !== undefined);
  return oneLine(telling === undefined ? name : `${name} ${telling}`);
}
