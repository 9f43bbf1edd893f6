import pc from 'picocolors';
import { COLOUR_MARK } from './printable.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours for a stream: off when it is no terminal or the user does not want any (https://no-color.org). */
export function colours(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): Colours {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const unwanted = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const colors = pc.createColors(!unwanted && (isTTY || forced));
  if (!colors.isColorSupported) return colors;
  const marked = Object.entries(colors).map(([name, paint]) => [
    name,
    typeof paint === 'function' ? (text: string) => markOwn(paint, text) : paint,
  ]);
  return Object.fromEntries(marked) as Colours;
}

/** Only the escapes that are put around the text are marked, not those in it. */
function markOwn(paint: (text: string) => string, text: string): string {
  const [before = '', after = ''] = paint('\0').split('\0');
  const own = (code: string) => code.replaceAll('\u001b', COLOUR_MARK);
  // Where a colour inside ends, the one around it goes on.
  return `${own(before)}${text.replaceAll(own(after), own(after + before))}${own(after)}`;
}
