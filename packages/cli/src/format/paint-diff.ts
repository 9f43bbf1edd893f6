import type { Colours } from './colours.js';

/**
 * A diff in git's colours. Git itself is asked for none: in its output they could not be told from escapes that an
 * agent has put into a file.
 */
export function paintDiff(diff: string, { bold, cyan, green, red, isColorSupported }: Colours): string {
  if (!isColorSupported) return diff;
  let isHeader = true;
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('diff ')) isHeader = true;
      if (line.startsWith('@@')) {
        isHeader = false;
        return line.replace(/^@@+ .*? @@+/, (range) => cyan(range));
      }
      if (isHeader) return bold(line);
      return line.startsWith('+') ? green(line) : line.startsWith('-') ? red(line) : line;
    })
    .join('\n');
}
