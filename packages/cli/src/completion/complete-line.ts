import { oneLine, truncate } from '../format/text.js';
import { type Io, printLine } from '../io.js';
import { complete, readLine } from './complete.js';
import type { Completion } from './suggestion.js';
import { unquote } from './unquote.js';

/** As much of a title as there is room for beside others. */
const ABOUT_WIDTH = 60;

/**
 * Answers a shell: `files` or `directories` for what it finds itself, or `values` and below it a value a line, a tab, and what
 * it is. A value is as it is meant; the shell quotes it. Where nothing is known, nothing is said: a press of a key is no
 * place for errors.
 *
 * @param words as they are typed, quotes included, up to the cursor; the last one may be empty
 */
export async function completeLine(io: Io, words: readonly string[]): Promise<void> {
  const line = readLine(words.map(unquote));
  let found: Completion;
  try {
    found = await complete(line, async () => (await import('./known.js')).knownIn(io, line.before));
  } catch {
    found = [];
  }
  if (typeof found === 'string') return printLine(io, found);
  printLine(io, 'values');
  for (const { value, about = '' } of found) {
    // What holds a line break or another control character can't be on a line of the protocol, or typed.
    if (!value.startsWith(line.word) || oneLine(value) !== value) continue;
    printLine(io, `${value}\t${truncate(oneLine(about), ABOUT_WIDTH)}`);
  }
}
