const HOUR_MS = 3_600_000;
/** Working time: a day has eight hours, a week five days. */
const unitsMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:m|min|mins|minute|minutes)$/, 60_000],
  [/^(?:h|hr|hrs|hour|hours)$/, HOUR_MS],
  [/^(?:d|day|days)$/, 8 * HOUR_MS],
  [/^(?:w|wk|week|weeks)$/, 40 * HOUR_MS],
];
const AMOUNT =
  /(\d{1,6}(?:[.,]\d{1,3})?)(?:\s*(?:-|–|—|to)\s*(\d{1,6}(?:[.,]\d{1,3})?))?\s*(?:working\s+)?([a-z]{1,7})\b/gi;

/**
 * The first span of time in a text, in milliseconds; the middle of a range. `2-3 days` is 20 hours: a day
 * counts eight hours, a week five days. `undefined` if there is none.
 */
export function parseDurationMs(text: string): number | undefined {
  for (const [, low = '', high = low, unit = ''] of text.slice(0, 400).matchAll(AMOUNT)) {
    const unitMs = unitsMs.find(([pattern]) => pattern.test(unit.toLowerCase()))?.[1];
    if (unitMs !== undefined) return Math.round(((toNumber(low) + toNumber(high)) / 2) * unitMs);
  }
  return undefined;
}

function toNumber(text: string): number {
  return Number(text.replace(',', '.'));
}
