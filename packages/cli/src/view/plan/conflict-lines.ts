import type { Plan, PlanReview } from '@pwt/default';
import { enumerate, formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';
import { count, formatChance, formatDuration } from '../../format/units.js';
import { fitted, most, type Page, rowLines } from './page.js';

type Cost = PlanReview['advice']['costs'][number];

const MOST_PATHS = 20;
const MOST_HOLDERS = 12;
const MOST_POSSIBLE = 10;

/**
 * What keeps tasks apart, the most expensive first: each contested path once, with every claim on it and its
 * line; tasks of unknown scope in one line each; then the pairs that only might collide. Pure.
 */
export function conflictLines(plan: Plan, { advice, possible }: PlanReview, page: Page): string[] {
  const blocks = advice.costs.map((cost) => costLines(cost, page));
  const shown = blocks.slice(0, most(page, MOST_PATHS));
  const left = blocks.length - shown.length;
  return [
    ...shown.flat(),
    ...(left > 0 ? [`… and ${count(left, 'more path')} (see --json)`] : []),
    ...aloneLines(plan, page),
    ...possibleLines(possible, page),
  ];
}

function costLines({ contested, loadMs, gain }: Cost, page: Page): string[] {
  const { path, count: files, tasks, holders } = contested;
  const rest = files > 1 ? ` and ${count(files - 1, 'other path')}` : '';
  const cost =
    gain && gain.savedMs > 0
      ? `; without that the run would end ${formatDuration(gain.savedMs)} earlier`
      : '';
  const turns = `${enumerate(tasks, most(page, MOST_HOLDERS))} take turns, ${formatDuration(loadMs)} in all${cost}`;
  const rows = holders.map(({ taskId, claim }) => [
    taskId,
    claim.mode,
    oneLine(claim.pattern),
    formatPlace(claim.place) ?? claim.rule,
  ]);
  const shown = rows.slice(0, most(page, MOST_HOLDERS));
  return [
    fitted(`${oneLine(path)}${rest}: ${turns}`, page),
    ...rowLines(shown, '  ', page),
    ...(rows.length > shown.length ? [`  … and ${count(rows.length - shown.length, 'more claim')}`] : []),
  ];
}

/** One line for each task that conflicts with all others, whatever their number. */
function aloneLines({ tasks, claims }: Plan, page: Page): string[] {
  const rows = claims.flatMap(({ taskId, unknownScope, claims: own }) => {
    if (!unknownScope || tasks.length < 2) return [];
    const place = own.find(({ mode }) => mode !== 'read')?.place;
    return [[`${taskId}: runs alone, because no file is named`, formatPlace(place) ?? '']];
  });
  return rowLines(rows, '', page);
}

function possibleLines(possible: PlanReview['possible'], page: Page): string[] {
  if (possible.length === 0) return [];
  const rows = possible.map(({ tasks, probability, witness, mine, theirs }) => [
    tasks.join(' – '),
    formatChance(probability),
    oneLine(witness),
    [mine, theirs].map(({ place }) => formatPlace(place) ?? '').join(' / '),
  ]);
  const shown = rows.slice(0, most(page, MOST_POSSIBLE));
  return [
    `${count(possible.length, 'pair')} might collide, which alone keeps nothing apart, with the chance that they do (see: pwt explain ${possible[0]?.tasks.join(' ')})`,
    ...rowLines(shown, '  ', page),
    ...(rows.length > shown.length ? [`  … and ${count(rows.length - shown.length, 'more pair')}`] : []),
  ];
}
