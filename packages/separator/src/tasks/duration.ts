import { englishVocabulary } from '../english.js';
import { perVocabulary, type TimeUnit, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, WORD_END } from '../words.js';

const HOUR_MS = 3_600_000;
/** Working time: a day has eight hours, a week five days. */
const unitsMs: Readonly<Record<TimeUnit, number>> = {
  minutes: 60_000,
  hours: HOUR_MS,
  days: 8 * HOUR_MS,
  weeks: 40 * HOUR_MS,
};

interface Amounts {
  /** An amount or a range with its unit. */
  readonly pattern: RegExp;
  readonly unitMs: ReadonlyMap<string, number>;
}

const amounts = perVocabulary(({ timeUnits, ranges, workingTime }): Amounts => {
  const words = Object.entries(timeUnits) as [TimeUnit, readonly string[]][];
  const number = '(\\d{1,6}(?:[.,]\\d{1,3})?)';
  const range = `(?:\\s*(?:-|–|—|${anyPhrase(ranges)})\\s*${number})?`;
  const unit = `(${anyPhrase(words.flatMap(([, units]) => units))})${WORD_END}`;
  return {
    pattern: new RegExp(`${number}${range}\\s*(?:${anyPhrase(workingTime)}\\s+)?${unit}`, 'iu'),
    unitMs: new Map(words.flatMap(([name, units]) => units.map((word) => [word, unitsMs[name]] as const))),
  };
});

/**
 * The first span of time in a text, in milliseconds; the middle of a range. `2-3 days` is 20 hours: a day
 * counts eight hours, a week five days. `undefined` if there is none.
 */
export function parseDurationMs(
  text: string,
  vocabulary: Vocabulary = englishVocabulary,
): number | undefined {
  const { pattern, unitMs } = amounts(vocabulary);
  const [, low = '', high = low, unit = ''] = pattern.exec(text.slice(0, 400)) ?? [];
  const factor = unitMs.get(unit.toLowerCase());
  return factor === undefined ? undefined : Math.round(((toNumber(low) + toNumber(high)) / 2) * factor);
}

function toNumber(text: string): number {
  return Number(text.replace(',', '.'));
}
