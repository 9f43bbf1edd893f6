import { distance } from 'fastest-levenshtein';

const MOST = 3;

/** The names that are most like one of the typed words, the nearest first: at most three, and none that is not alike. */
export function nearest(typed: readonly string[], names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, away: Math.min(...typed.map((word) => distanceOf(word, name))) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.ceil(name.length / 3)))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST)
    .map(({ name }) => name);
}

function distanceOf(a: string, b: string): number {
  return distance(a.toLowerCase(), b.toLowerCase());
}
