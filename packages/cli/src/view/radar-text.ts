import type { RadarLook, SeenCheckout } from '@pwt/default';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { pathsText } from './sighting-text.js';

/** One look of the radar: a line for the whole, and for each checkout what is in its way. Pure. */
export function radarLines(look: RadarLook, colours: Colours): string[] {
  const { checkouts, ontoName, onto } = look;
  const seen = checkouts.filter(isWorth);
  const width = Math.max(0, ...seen.map(({ id }) => oneLine(id).length));
  const quiet = checkouts.length - seen.length;
  return [
    `${count(checkouts.length, 'checkout')} for ${oneLine(ontoName)} (${onto.slice(0, 10)})`,
    ...seen.flatMap((checkout) => checkoutLines(checkout, ontoName, width, colours)),
    ...(quiet === 0 ? [] : [colours.dim(`${count(quiet, 'checkout')} without changes`)]),
  ];
}

function isWorth({ changes, unseen }: SeenCheckout): boolean {
  return changes.length > 0 || unseen !== undefined;
}

function checkoutLines(checkout: SeenCheckout, ontoName: string, width: number, colours: Colours): string[] {
  const { changes, stale, colliding, outside = [], unseen } = checkout;
  const conflicts = stale?.conflicts.map(({ path }) => path) ?? [];
  const texts = [
    ...colliding.map((other) => {
      const paths = other.paths.map(({ path }) => path);
      return colours.red(`✘ colliding with ${oneLine(other.with)}: ${pathsText(paths, paths.length)}`);
    }),
    ...(conflicts.length > 0
      ? [
          colours.red(
            `✘ stale: conflicts with ${oneLine(ontoName)} in ${pathsText(conflicts, conflicts.length)}`,
          ),
        ]
      : []),
    ...(stale && stale.moved.length > 0
      ? [`! stale: changed there, too: ${pathsText(stale.moved, stale.moved.length)}`]
      : []),
    ...(outside.length > 0 ? [`! out of scope: ${pathsText(outside, outside.length)}`] : []),
    ...(unseen === undefined ? [] : [`? ${oneLine(unseen)}`]),
  ];
  const shown =
    texts.length > 0 ? texts : [colours.green(`✔ ${count(changes.length, 'path')}, nothing in the way`)];
  const [first = '', ...more] = shown;
  const name = oneLine(checkout.id).padEnd(width);
  return [`${name}  ${first}`, ...more.map((text) => `${' '.repeat(width)}  ${text}`)];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
