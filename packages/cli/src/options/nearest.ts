import { distance } from 'fastest-levenshtein';

const MOST = 3;

/** The names that are most like what was typed, the nearest first: at most three, and none that is not alike. */
export function nearest(typed: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, away: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.ceil(name.length / 3)))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST)
    .map(({ name }) => name);
}
