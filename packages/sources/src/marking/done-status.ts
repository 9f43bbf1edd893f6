import { findStatus } from '@pwt/separator';
import { withFrontMatterValue } from './front-matter-value.js';

/**
 * A text whose status says that its task is finished: in place of the status that it has, in the way it is written, or else as
 * `status` of its front matter. All else stays; the same text if it says so already.
 */
export function withDoneStatus(text: string): string {
  const status = findStatus(text);
  if (status?.done) return text;
  const { place } = status ?? {};
  if (!status || !place) return withFrontMatterValue(text, 'status', 'done');
  const value = inTheManner(status.text);
  if ('key' in place) return withFrontMatterValue(text, place.key, value);
  const lines = text.split('\n');
  const line = lines[status.line - 1] ?? '';
  return lines.with(status.line - 1, line.slice(0, place.start) + value + line.slice(place.end)).join('\n');
}

/** `Done`, `done` or `DONE`, with a tick where a sign stood. */
function inTheManner(before: string): string {
  const [sign = ''] = /^[^\p{L}\p{N}"'([]+/u.exec(before) ?? [];
  const [letters = ''] = /\p{L}[\p{L} _-]*/u.exec(before) ?? [];
  const isUpper =
    letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
  const word = isUpper ? 'DONE' : letters !== '' && letters === letters.toLowerCase() ? 'done' : 'Done';
  return /\p{Extended_Pictographic}/u.test(sign) ? `✅ ${word}` : word;
}
