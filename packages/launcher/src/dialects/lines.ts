import type { Dialect } from './dialect.js';
import { oneLine } from './text.js';

/** Plain text of any kind: the last line printed is what the command is doing. */
export const lines: Dialect = (line) => {
  const text = oneLine(line);
  return text === '' ? undefined : { activity: { kind: 'output', text } };
};
