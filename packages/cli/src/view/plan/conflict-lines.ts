import type { SeparationPolicy } from '@pwt/core';
import type { Plan, PlanReview } from '@pwt/planner';
import { enumerate, formatPlace } from '../../format/lists.js';
import { oneLine } from '../../format/text.js';
import { count, formatChance, formatDuration } from '../../format/units.js';
import { most, type Page, rowLines, wrapped } from '../page.js';

type Cost = PlanReview['advice']['costs'][number];

export interface ConflictPage extends Page {
  readonly separation: SeparationPolicy;
}

/** What the separation policy does with pairs that may conflict. */
const policyWords: Readonly<Record<SeparationPolicy, string>> = {
  strict: 'Such tasks never run at the same time (separation: strict).',
  balanced: 'Such tasks run at the same time only if nothing better is waiting (separation: balanced).',
  eager: 'Such tasks may run at the same time (separation: eager).',
};

const MOST_PATHS = 20;
const MOST_HOLDERS = 12;
const MOST_POSSIBLE = 10;

/**
 * Why tasks can't run at the same time, the most expensive first: each hot file once, with every claim on it and its
 * line; tasks of unknown scope in one line each; then the pairs that may conflict. Pure.
 */
export function conflictLines(plan: Plan, { advice, possible }: PlanReview, page: ConflictPage): string[] {
  const blocks = advice.costs.map((cost) => [...costSentence(cost, page), ...claimLines(cost, page)]);
  const shown = blocks.slice(0, most(page, MOST_PATHS));
  const left = blocks.length - shown.length;
  return [
    ...shown.flat(),
    ...(left > 0 ? [`… and ${count(left, 'more path')} (see --json)`] : []),
    ...aloneLines(plan, page),
    ...possibleLines(possible, page),
  ];
}

/** What keeps tasks apart, the most expensive first, without the claims. Pure. */
export function costLines({ advice: { costs } }: PlanReview, page: Page, limit: number): string[] {
  const left = costs.length - limit;
  return [
    ...costs.slice(0, limit).flatMap((cost) => costSentence(cost, page)),
    ...(left > 0 ? [page.colours.dim(`… and ${count(left, 'more path')}`)] : []),
  ];
}

function costSentence({ hot, loadMs, gain }: Cost, page: Page): string[] {
  const { path, count: files, tasks } = hot;
  const rest = files > 1 ? ` and ${count(files - 1, 'other path')}` : '';
  const cost =
    gain && gain.savedMs > 0
      ? `; without that the run would end ${formatDuration(gain.savedMs)} earlier`
      : '';
  const turns = `${enumerate(tasks, most(page, MOST_HOLDERS))} take turns, ${formatDuration(loadMs)} in all${cost}`;
  return wrapped(`${oneLine(path)}${rest}: ${turns}`, page);
}

function claimLines({ hot: { claims } }: Cost, page: Page): string[] {
  const rows = claims.map(({ taskId, claim }) => [
    taskId,
    claim.mode,
    oneLine(claim.pattern),
    formatPlace(claim.place) ?? claim.rule,
  ]);
  const shown = rows.slice(0, most(page, MOST_HOLDERS));
  return [
    ...rowLines(shown, '  ', page),
    ...(rows.length > shown.length ? [`  … and ${count(rows.length - shown.length, 'more claim')}`] : []),
  ];
}

const MOST_ALONE = 5;

/** One line for each task that conflicts with all others, whatever their number. */
export function aloneLines({ tasks, claims }: Plan, page: Page): string[] {
  const rows = claims.flatMap(({ taskId, unknownScope, claims: own }) => {
    if (!unknownScope || tasks.length < 2) return [];
    const place = own.find(({ mode }) => mode !== 'read')?.place;
    return [[`${taskId}: runs alone, because no file is named`, formatPlace(place) ?? '']];
  });
  const shown = rows.slice(0, most(page, MOST_ALONE));
  const left = rows.length - shown.length;
  return [...rowLines(shown, '', page), ...(left > 0 ? [page.colours.dim(`… and ${left} more`)] : [])];
}

function possibleLines(possible: PlanReview['possible'], page: ConflictPage): string[] {
  if (possible.length === 0) return [];
  const shown = possible.slice(0, most(page, MOST_POSSIBLE));
  const left = possible.length - shown.length;
  return [
    ...wrapped(
      `${count(possible.length, 'pair')} may conflict, with the probability of a conflict (see: pwt explain ${possible[0]?.tasks.join(' ')}). ${policyWords[page.separation]}`,
      page,
    ),
    ...rowLines(
      shown.flatMap((pair) => possibleRows(pair, page)),
      '  ',
      page,
    ),
    ...(left > 0 ? [`  … and ${count(left, 'more pair')}`] : []),
  ];
}

/** A pair with both places: below each other on a terminal, beside each other elsewhere. */
function possibleRows(
  { tasks, probability, witness, mine, theirs }: PlanReview['possible'][number],
  { columns }: Page,
): string[][] {
  const head = [tasks.join(' – '), formatChance(probability), oneLine(witness)];
  const places = [mine, theirs].map(({ place }) => formatPlace(place) ?? '');
  if (columns === undefined) return [[...head, places.join(' / ')]];
  return places.map((place, at) => [...(at === 0 ? head : head.map(() => '')), place]);
}
