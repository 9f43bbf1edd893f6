import { distance } from 'fastest-levenshtein';

const MOST = 3;

/** The ids that are most like what was typed, the nearest first: at most three, and none that is not alike. */
export function nearestIds(typed: readonly string[], ids: readonly string[]): readonly string[] {
  const near = ids
    .map((id) => ({ id, away: Math.min(...typed.map((word) => distanceOf(word, id))) }))
    .filter(({ id, away }) => away <= Math.max(1, Math.floor(id.length / 3)))
    .sort((a, b) => a.away - b.away);
  return near.slice(0, MOST).map(({ id }) => id);
}

function distanceOf(a: string, b: string): number {
  return distance(a.toLowerCase(), b.toLowerCase());
}
